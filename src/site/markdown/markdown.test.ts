import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import { alternativesApart } from './alternatives.ts';
import type { Crosslinks } from './links.ts';
import { renderMarkdown } from './markdown.ts';

const nowhere: Crosslinks = { link: (href) => href, reference: () => null };

function rendered(markdown: string, crosslinks: Partial<Crosslinks> = {}) {
  const page = renderMarkdown(markdown, { ...nowhere, ...crosslinks });
  return { ...page, $: load(page.html) };
}

describe('an example of several calls', () => {
  it('is a block for each of them, with the comment above it', () => {
    const page =
      '```lua\nlocal result = a{}\n\n-- with more\nlocal result = a{\n  b = 1,\n}\n```\n\n```sh\nls\n```\n';
    expect(alternativesApart(page)).toBe(
      '```lua\nlocal result = a{}\n```\n\n```lua\n-- with more\nlocal result = a{\n  b = 1,\n}\n```\n\n```sh\nls\n```\n',
    );
  });

  it('begins each block with what all of them need', () => {
    const page =
      '```lua\nlocal id = a{}.id\nlocal result = b{ id = id }\n\n-- more\nlocal result = b{ id = id, c = 1 }\n```\n';
    expect(alternativesApart(page)).toBe(
      '```lua\nlocal id = a{}.id\nlocal result = b{ id = id }\n```\n\n```lua\nlocal id = a{}.id\n-- more\nlocal result = b{ id = id, c = 1 }\n```\n',
    );
  });

  it('is left as it is when its parts belong together', () => {
    const page = '```lua\nlocal a = f{}\n\nlocal result = g(a)\n```\n';
    expect(alternativesApart(page)).toBe(page);
  });
});

describe('markdown as HTML', () => {
  it('keeps what a document of somebody else says from being HTML', () => {
    const { $, html } = rendered(
      '# <img src=x onerror=alert(1)>\n\n<script>alert(1)</script>\n\nA <b onclick="x()">word</b>, [here](javascript:alert(1)), `<i>`.\n\n```lua"><script>\nx = "</code><script>"\n```\n\n| <u>a</u> | b |\n| --- | --- |\n| <br onload=x> | two<br>lines |\n',
    );
    expect($('script, img, b, i, u, [onclick], [onload]').length).toBe(0);
    expect($('a[href^="javascript"]').length).toBe(0);
    expect($('br').length).toBe(1);
    expect(html).toContain('&lt;script&gt;');
  });

  it('takes the title out, and gives every other heading an id of its own that leads to it', () => {
    const { $, title, headings } = rendered(
      '# Title\n\n## Same `name`\n\n## Same `name`\n\n### What’s new?\n',
    );
    expect(title).toBe('Title');
    expect(headings).toEqual([
      { level: 2, id: 'same-name', text: 'Same name' },
      { level: 2, id: 'same-name-1', text: 'Same name' },
      { level: 3, id: 'whats-new', text: 'What’s new?' },
    ]);
    expect($('h1').length).toBe(0);
    expect($('h2#same-name-1 > a[href="#same-name-1"]').text()).toBe('Same name');
  });

  it('colours code, and leaves the text of it as it was', () => {
    const code = 'local x = app.integrations.workos.list_users{ limit = 5 } -- five <of> them';
    const { $ } = rendered(`\`\`\`lua\n${code}\n\`\`\`\n\n\`\`\`made-up\n<b>\n\`\`\`\n`);
    expect($('[data-lang=lua] code').text()).toBe(code);
    expect($('[data-lang=lua] .h-title').text()).toBe('list_users');
    expect($('[data-lang=lua] .h-comment').text()).toBe('-- five <of> them');
    expect($('[data-lang=made-up] code').text()).toBe('<b>');
    expect($('pre[tabindex=0]').length).toBe(2);
  });

  it('shows a list of facts at the beginning as terms with what is said of them', () => {
    const { $ } = rendered(
      '# T\n\n- Effect: read\n- Full name: `a.b`; alias `c`\n\n## More\n\n- Other: list\n- And: one\n',
    );
    expect(
      $('dl.facts dt')
        .map((_, term) => $(term).text())
        .get(),
    ).toEqual(['Effect', 'Full name']);
    expect(
      $('dl.facts dd')
        .map((_, term) => $(term).text())
        .get(),
    ).toEqual(['read', 'a.b; alias c']);
    expect($('ul > li').length).toBe(2);
  });

  it('names every table by its heading, and the cells of a wide one by their columns', () => {
    const { $ } = rendered(
      '# T\n\n## Arguments\n\n| Argument | Type | Required | Meaning |\n| --- | --- | --- | --- |\n| `a` | string | yes | It |\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n',
    );
    expect($('[role=region]').first().attr('aria-label')).toBe('Arguments');
    expect(
      $('table.wide td')
        .map((_, cell) => $(cell).attr('data-label'))
        .get(),
    ).toEqual(['Argument', 'Type', 'Required', 'Meaning']);
    expect($('td.is-yes').text()).toBe('yes');
    expect($('table').last().find('[data-label]').length).toBe(0);
  });

  it('leads links and names in code where they belong, and keeps the words of a link that leads nowhere', () => {
    const { $ } = rendered('[one](a.md) [two *words*](gone.md) `list_users` [`list_users`](a.md)\n', {
      link: (href) => (href === 'a.md' ? 'a.html' : null),
      reference: (code) => (code === 'list_users' ? 'workos/list_users.html' : null),
    });
    expect(
      $('a')
        .map((_, link) => $(link).attr('href'))
        .get(),
    ).toEqual(['a.html', 'workos/list_users.html', 'a.html']);
    expect($('p').text()).toBe('one two words list_users list_users');
  });

  it('breaks a long name in code behind its underscores, which copying does not notice', () => {
    const { $, html } = rendered('`a_name_that_is_rather_long` `short_name`\n');
    expect($('wbr').length).toBe(5);
    expect($('code').first().text()).toBe('a_name_that_is_rather_long');
    expect(html).toContain('<code>short_name</code>');
  });
});
