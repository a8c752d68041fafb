import type { Guide } from './guide.ts';

const text = `# Several calls at once, and lists that go on

## parallel

While one branch waits for its call, the others go on. Results keep their order.

\`\`\`lua
local one, two = table.unpack(parallel{
  function() return app.integrations.NAME.FUNCTION{} end,
  function() return app.integrations.NAME.FUNCTION{} end,
})

local lengths = parallel.map({ "a", "bb", "ccc" }, function(item, index)
  return index .. ": " .. #item
end, { limit = 2 })
\`\`\`

- \`parallel{ f, g, limit = 4 }\` and \`parallel.map(list, fn, { limit = 4 })\` say how many run at a time. \`map\` runs 8 unless told otherwise, \`parallel\` all of them.
- The first error ends it: calls that were not sent are not sent, and the error is raised with the branch's number in \`branch\`.
- With \`{ settle = true }\` nothing is raised; each result is \`{ ok, value }\` or \`{ ok, error }\`.

\`\`\`lua
local answers = parallel.map({ 1, 2 }, function(n)
  if n == 2 then error("no") end
  return n
end, { settle = true })
print(answers[1].value, answers[2].ok)
\`\`\`

## paginate

\`paginate(fn, args)\` goes through every row of a list, asking for the next page shortly before it is needed. \`break\` ends the requests.

\`\`\`lua
local count = 0
for row, index in paginate(app.integrations.NAME.FUNCTION, { limit = 100 }) do
  count = index
  if count >= 250 then break end
end
\`\`\`

It works for every function whose page says that its answer is a page of a list.
`;

export const parallel: Guide = {
  name: 'parallel',
  title: 'Several calls at once, and lists that go on',
  summary: 'parallel, parallel.map and paginate: calls side by side, every row of a list.',
  keywords:
    'concurrent async await batch bulk all pages pagination cursor next page rows loop faster several calls run go through list',
  markdown: () => text,
};
