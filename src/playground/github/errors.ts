/** One entry of GitHub's `errors` list (docs.github.com/rest, "Troubleshooting: validation failed"). */
export interface FieldError {
  resource: string;
  field?: string;
  code: "missing" | "missing_field" | "invalid" | "already_exists" | "unprocessable" | "custom";
  message?: string;
}

/** A refusal, as the API answers it. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: readonly (FieldError | string)[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    extra: {
      errors?: readonly (FieldError | string)[];
      headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = extra.errors;
    this.headers = extra.headers ?? {};
  }
}

export function notFound(): ApiError {
  return new ApiError(404, "Not Found");
}

export function forbidden(message: string): ApiError {
  return new ApiError(403, message);
}

export function invalid(...errors: (FieldError | string)[]): ApiError {
  return new ApiError(422, "Validation Failed", { errors });
}

export function unprocessable(message: string): ApiError {
  return new ApiError(422, message);
}
