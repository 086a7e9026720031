/** An error response of an emulated AWS API. */
export class ApiError extends Error {
  constructor(
    public readonly type: string,
    message = type,
    public readonly status = 400,
  ) {
    super(message);
  }
}
