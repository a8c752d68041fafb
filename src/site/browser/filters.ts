/** Narrows the list of functions to those whose name, summary or path has all the words. The effect is CSS alone. */
export function addFilters(): void {
  const explorer = document.querySelector<HTMLElement>('.explorer');
  const label = explorer?.querySelector<HTMLElement>('.narrow');
  const field = label?.querySelector('input');
  const shown = explorer?.querySelector('output.shown');
  if (!explorer || !label || !field || !shown) return;
  const rows = [...explorer.querySelectorAll<HTMLElement>('.function')].map((row) => ({
    row,
    text: (row.textContent ?? '').toLowerCase().replaceAll('_', ' '),
  }));
  const groups = [...explorer.querySelectorAll<HTMLElement>('.group')];
  const effect = () => explorer.querySelector<HTMLInputElement>('input[name=effect]:checked')?.value ?? 'all';
  const update = () => {
    const words = field.value
      .toLowerCase()
      .replaceAll('_', ' ')
      .split(/\s+/)
      .filter((word) => word !== '');
    let count = 0;
    for (const { row, text } of rows) {
      const fits = words.every((word) => text.includes(word));
      row.hidden = !fits;
      if (fits && (effect() === 'all' || row.classList.contains(effect()))) count += 1;
    }
    for (const group of groups) group.hidden = group.querySelector('.function:not([hidden])') === null;
    shown.textContent = words.length === 0 && effect() === 'all' ? '' : `${count} of ${rows.length}`;
  };
  field.addEventListener('input', update);
  explorer.addEventListener('change', update);
  field.form?.addEventListener('submit', (event) => event.preventDefault());
  label.hidden = false;
  // What a browser has kept of an earlier visit.
  update();
}
