/** Names the user for signInByHeader.js. */
export const userHeader = 'x-bench-user';

/** A Backstage token of the user with that name, as a browser gets it. */
export async function signIn(backendUrl, name) {
  const response = await fetch(`${backendUrl}/api/auth/bench/refresh`, {
    headers: { [userHeader]: name },
  });
  if (!response.ok) {
    throw new Error(`Sign-in: ${response.status} ${await response.text()}`);
  }
  const { backstageIdentity } = await response.json();
  return backstageIdentity.token;
}
