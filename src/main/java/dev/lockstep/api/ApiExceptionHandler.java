package dev.lockstep.api;

import dev.lockstep.access.RefusedException;
import dev.lockstep.inbox.Failure;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Converts all API errors to problem+json (RFC 9457) without exposing internals. */
@RestControllerAdvice
class ApiExceptionHandler extends ResponseEntityExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(ApiExceptionHandler.class);

  @ExceptionHandler
  ProblemDetail refused(ResponseStatusException e) {
    return ProblemDetail.forStatusAndDetail(
        e.getStatusCode(), Optional.ofNullable(e.getReason()).orElse(""));
  }

  @ExceptionHandler
  ProblemDetail refused(RefusedException e) {
    return ProblemDetail.forStatusAndDetail(
        e.isConflict() ? HttpStatus.CONFLICT : HttpStatus.BAD_REQUEST,
        Optional.ofNullable(e.getMessage()).orElse(""));
  }

  @ExceptionHandler({DataAccessException.class, TransactionException.class})
  ProblemDetail databaseError(RuntimeException e) {
    if (Failure.classify(e) != Failure.TRANSIENT) {
      return unexpected(e);
    }
    log.warn("The API could not reach the database: {}", e.getMessage());
    return ProblemDetail.forStatusAndDetail(
        HttpStatus.SERVICE_UNAVAILABLE, "The database is not reachable; try again.");
  }

  @ExceptionHandler
  ProblemDetail unexpected(Exception e) {
    log.error("The API failed", e);
    return ProblemDetail.forStatusAndDetail(
        HttpStatus.INTERNAL_SERVER_ERROR, "Internal error; see the log.");
  }
}
