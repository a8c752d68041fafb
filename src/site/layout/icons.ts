/** The mark: a body, and what goes round it. */
export const logo = `<svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false"><circle cx="16" cy="16" r="5.5" fill="currentColor"/><ellipse cx="16" cy="16" rx="14" ry="6.2" transform="rotate(-28 16 16)" fill="none" stroke="currentColor" stroke-width="1.8"/><circle class="moon" cx="27" cy="9.2" r="2.6"/></svg>`;

/** The same as a file, in colours that both light and dark tabs show. */
export const iconFile = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><g fill="#4a63d9" stroke="#4a63d9"><circle cx="16" cy="16" r="5.5" stroke="none"/><ellipse cx="16" cy="16" rx="14" ry="6.2" transform="rotate(-28 16 16)" fill="none" stroke-width="1.8"/></g><circle cx="27" cy="9.2" r="3" fill="#e0803a"/></svg>
`;

export const searchIcon = stroked('<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>');
export const menuIcon = stroked('<path d="M4 7h16M4 12h16M4 17h16"/>');
export const themeIcon = stroked(
  '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5a8.5 8.5 0 0 1 0 17z" fill="currentColor"/>',
);

function stroked(shapes: string): string {
  return `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round">${shapes}</svg>`;
}
