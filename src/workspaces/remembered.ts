/**
 * Asks each question once, for questions whose answer never changes, such as what a commit holds. The oldest of more
 * than `most` answers is forgotten; a question that failed is asked again.
 */
export function remembered<T>(most: number): (key: string, ask: () => Promise<T>) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (key, ask) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask();
    answers.set(key, answer);
    answer.catch(() => answers.delete(key));
    for (const oldest of answers.keys()) {
      if (answers.size <= most) break;
      answers.delete(oldest);
    }
    return answer;
  };
}
