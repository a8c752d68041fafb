/** Closes a phone's menu behind a link that leads to another place on the same page. */
export function closeMenuBehindLinks(): void {
  const menu = document.getElementById('menu');
  menu?.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('a') !== null && menu.matches(':popover-open')) {
      menu.hidePopover();
    }
  });
}
