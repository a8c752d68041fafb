/** Runs before anything is shown, so that no page flashes in the wrong colours. */
const key = 'kosmo-theme';

function remembered(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    // A browser that keeps nothing for this page.
    return null;
  }
}

const { documentElement } = document;
documentElement.classList.add('scripts');
const chosen = remembered();
if (chosen === 'dark' || chosen === 'light') documentElement.dataset['theme'] = chosen;
