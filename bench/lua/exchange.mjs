/** A list as an API answers it, of about ten kilobytes. */
export const json = JSON.stringify({
  object: 'list',
  data: Array.from({ length: 25 }, (_, index) => ({
    object: 'user',
    id: `user_01KE6P4YM0CRJ5MAFGFYWF${String(index).padStart(4, '0')}`,
    email: `person${index}@harborlight.example`,
    first_name: 'Mara',
    last_name: 'Lindqvist',
    email_verified: index % 2 === 0,
    profile_picture_url: null,
    metadata: { team: 'hardware', level: index },
    external_id: `ext-${index}`,
    last_sign_in_at: '2026-01-02T03:04:05.678Z',
    created_at: '2026-01-02T03:04:05.678Z',
    updated_at: '2026-01-02T03:04:05.678Z',
  })),
  list_metadata: { before: null, after: 'user_01KE6P4YM0CRJ5MAFGFYWF0024' },
});

/** How often each exchange is made. */
export const rounds = { values: 2_000, calls: 10_000 };
