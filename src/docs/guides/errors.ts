import { errorCatalogue } from '../../support/errors.ts';
import type { Guide } from './guide.ts';

function text(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([code, { meaning, remedy, exit }]) => `| \`${code}\` | ${meaning} | ${remedy} | ${exit} |`,
  );
  return `# Errors

A failed call raises a table. \`kind\` is one of the codes below; for \`api_error\`, \`status\`, \`code\`, \`message\` and \`errors\` are what the API answered, and the function's page says which there are. \`tostring(err)\` reads well.

\`\`\`lua
local ok, err = pcall(app.integrations.NAME.FUNCTION, { id = "nobody" })
if not ok then
  if err.kind == "api_error" and err.status == 404 then print("there is none")
  else error(err) end
end
\`\`\`

## Codes

The \`code\` of a run's error, and the \`kind\` of an error table that a program catches.

| Code | Meaning | What to do | Exit code |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

export const errors: Guide = {
  name: 'errors',
  title: 'Errors',
  summary: 'Every error code, what it means and what to do.',
  keywords: 'error fail failure exception pcall catch exit code problem mean',
  markdown: text,
};
