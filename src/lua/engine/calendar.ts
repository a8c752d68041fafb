/** C's broken-down time, field for field: months from 0, years from 1900, days of the week from Sunday. */
export interface CalendarTime {
  readonly second: number;
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly year: number;
  readonly weekday: number;
  readonly yearDay: number;
  readonly daylightSaving: number;
  /** Seconds east of Greenwich. */
  readonly offset: number;
}

/** Breaks a time down, in the machine's zone or in UTC. */
export function calendarTime(milliseconds: number, zone: 'local' | 'utc'): CalendarTime {
  const date = new Date(milliseconds);
  const offset = zone === 'utc' ? 0 : -date.getTimezoneOffset() * 60;
  // Shifted by its offset, a local time reads off the UTC fields.
  const shifted = new Date(milliseconds + offset * 1000);
  const year = shifted.getUTCFullYear();
  const newYear = Date.UTC(year, 0, 1);
  return {
    second: shifted.getUTCSeconds(),
    minute: shifted.getUTCMinutes(),
    hour: shifted.getUTCHours(),
    day: shifted.getUTCDate(),
    month: shifted.getUTCMonth(),
    year: year - 1900,
    weekday: shifted.getUTCDay(),
    yearDay: Math.floor((shifted.getTime() - newYear) / 86_400_000),
    daylightSaving: zone === 'local' && offset !== standardOffset(year) ? 1 : 0,
    offset,
  };
}

/** The time in milliseconds of local calendar fields, which need not be in range: the 32nd of May is the 1st of June. */
export function timeOfCalendar({ second, minute, hour, day, month, year }: CalendarTime): number {
  const date = new Date(2000, 0);
  // Through setters, because the constructor takes the years 0 to 99 for those of the last century.
  date.setFullYear(year + 1900, month, day);
  date.setHours(hour, minute, second);
  return date.getTime();
}

/** The zone's offset outside daylight saving: the lesser one of the year. */
function standardOffset(year: number): number {
  const winter = -new Date(year, 0, 1).getTimezoneOffset();
  const summer = -new Date(year, 6, 1).getTimezoneOffset();
  return Math.min(winter, summer) * 60;
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = 'January February March April May June July August September October November December'.split(
  ' ',
);

const pad = (value: number, width = 2, fill = '0') => String(value).padStart(width, fill);

/** C's `strftime` in its own locale. Conversions it does not know stay as they are. */
export function formatTime(format: string, time: CalendarTime): string {
  return format.replace(
    /%[EO]?(.)/gs,
    (whole, conversion: string) => conversions[conversion]?.(time) ?? whole,
  );
}

const conversions: Readonly<Record<string, (time: CalendarTime) => string>> = {
  a: (time) => (days[time.weekday] ?? '?').slice(0, 3),
  A: (time) => days[time.weekday] ?? '?',
  b: (time) => (months[time.month] ?? '?').slice(0, 3),
  B: (time) => months[time.month] ?? '?',
  c: (time) => formatTime('%a %b %e %H:%M:%S %Y', time),
  C: (time) => pad(Math.floor((time.year + 1900) / 100)),
  d: (time) => pad(time.day),
  D: (time) => formatTime('%m/%d/%y', time),
  e: (time) => pad(time.day, 2, ' '),
  F: (time) => formatTime('%Y-%m-%d', time),
  g: (time) => pad(isoWeek(time).year % 100),
  G: (time) => String(isoWeek(time).year),
  h: (time) => formatTime('%b', time),
  H: (time) => pad(time.hour),
  I: (time) => pad(time.hour % 12 === 0 ? 12 : time.hour % 12),
  j: (time) => pad(time.yearDay + 1, 3),
  m: (time) => pad(time.month + 1),
  M: (time) => pad(time.minute),
  n: () => '\n',
  p: (time) => (time.hour < 12 ? 'AM' : 'PM'),
  r: (time) => formatTime('%I:%M:%S %p', time),
  R: (time) => formatTime('%H:%M', time),
  S: (time) => pad(time.second),
  t: () => '\t',
  T: (time) => formatTime('%H:%M:%S', time),
  u: (time) => String(time.weekday === 0 ? 7 : time.weekday),
  U: (time) => pad(Math.floor((time.yearDay + 7 - time.weekday) / 7)),
  V: (time) => pad(isoWeek(time).week),
  w: (time) => String(time.weekday),
  W: (time) => pad(Math.floor((time.yearDay + 7 - ((time.weekday + 6) % 7)) / 7)),
  x: (time) => formatTime('%m/%d/%y', time),
  X: (time) => formatTime('%H:%M:%S', time),
  y: (time) => pad((((time.year + 1900) % 100) + 100) % 100),
  Y: (time) => String(time.year + 1900),
  z: (time) => zoneOffset(time.offset),
  Z: (time) => (time.offset === 0 ? 'UTC' : zoneOffset(time.offset)),
  '%': () => '%',
};

function zoneOffset(offset: number): string {
  const minutes = Math.abs(offset) / 60;
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}${pad(minutes % 60)}`;
}

/** ISO 8601: a week belongs to the year of its Thursday. */
function isoWeek(time: CalendarTime): { year: number; week: number } {
  const year = time.year + 1900;
  const monday = (time.weekday + 6) % 7;
  const thursday = new Date(Date.UTC(year, 0, 1 + time.yearDay + 3 - monday));
  const thursdayYear = thursday.getUTCFullYear();
  const dayOfYear = Math.floor((thursday.getTime() - Date.UTC(thursdayYear, 0, 1)) / 86_400_000);
  return { year: thursdayYear, week: Math.floor(dayOfYear / 7) + 1 };
}
