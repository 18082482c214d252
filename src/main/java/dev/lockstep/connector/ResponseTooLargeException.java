package dev.lockstep.connector;

/** The answer to a read exceeds the size limit; a request for less data may succeed. */
final class ResponseTooLargeException extends RequestRejectedException {
  ResponseTooLargeException(ApiCall call, String problem) {
    super(
        200,
        call.describe(),
        problem,
        "Raise lockstep.calls.answer-size, and the heap with it, or make the record smaller; then"
            + " retry.");
  }
}
