import { followContents } from './contents.ts';
import { addCopyButtons } from './copy.ts';
import { addFilters } from './filters.ts';
import { closeMenuBehindLinks } from './menu.ts';
import { addSearch } from './search-box.ts';
import { addThemeSwitch } from './theme-switch.ts';

// Whatever is added here is beside what the page says: without scripts nothing of that is missing.
addThemeSwitch();
addCopyButtons();
addSearch();
addFilters();
followContents();
closeMenuBehindLinks();
