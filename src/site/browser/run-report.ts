import type { RunReport } from './run-request.ts';

/** Shows what came of a run: whether it went well, what it printed, its result, its calls. */
export function showReport(place: HTMLElement, report: RunReport): void {
  const { success, output, result, error, execution_time_ms: time, integration_calls: calls, meta } = report;
  const summary = `${success ? 'Done' : 'Failed'} in ${Math.round(time)} ms, ${calls.length === 1 ? '1 call' : `${calls.length} calls`}, on a server that is gone again`;
  place.replaceChildren(
    element('p', success ? 'run-summary' : 'run-summary failed', summary),
    ...(error === null ? [] : [element('p', 'run-error', error.message)]),
    ...(error?.hint == null ? [] : [element('p', 'run-hint', error.hint)]),
    ...(output === '' ? [] : [element('h3', '', 'Output'), text(output)]),
    ...(!meta.returned ? [] : [element('h3', '', 'Result'), text(JSON.stringify(result, null, 2))]),
    ...(calls.length === 0 ? [] : [element('h3', '', 'Calls'), callTable(calls)]),
  );
}

/** Shows why there was no run. */
export function showFailure(place: HTMLElement, message: string): void {
  place.replaceChildren(element('p', 'run-summary failed', message));
}

function callTable(calls: RunReport['integration_calls']): HTMLElement {
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  for (const title of ['Function', 'Effect', 'Status', 'Time']) {
    const cell = document.createElement('th');
    cell.textContent = title;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const { function: name, effect, status, duration_ms: time } of calls) {
    const row = body.insertRow();
    const function_ = row.insertCell();
    function_.append(element('code', '', name));
    row.insertCell().append(element('span', `effect ${effect}`, effect));
    row.insertCell().textContent = status === null ? 'not sent' : String(status);
    row.insertCell().textContent = `${time.toFixed(1)} ms`;
  }
  const frame = element('div', 'table', '');
  frame.tabIndex = 0;
  frame.setAttribute('role', 'region');
  frame.setAttribute('aria-label', 'Calls');
  frame.append(table);
  return frame;
}

function text(content: string): HTMLElement {
  const block = document.createElement('pre');
  block.tabIndex = 0;
  block.textContent = content.trimEnd();
  return block;
}

function element(name: string, className: string, content: string): HTMLElement {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.textContent = content;
  return made;
}
