/** The button that changes between light and dark, and remembers. */
export function addThemeSwitch(): void {
  const button = document.querySelector<HTMLButtonElement>('button.theme');
  if (button === null) return;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const { dataset } = document.documentElement;
  const isDark = () => (dataset['theme'] === undefined ? system.matches : dataset['theme'] === 'dark');
  const show = () => button.setAttribute('aria-pressed', String(isDark()));
  button.addEventListener('click', () => {
    const theme = isDark() ? 'light' : 'dark';
    dataset['theme'] = theme;
    try {
      localStorage.setItem('kosmo-theme', theme);
    } catch {
      // Then it holds for this page.
    }
    show();
  });
  system.addEventListener('change', show);
  show();
  button.hidden = false;
}
