package dev.lockstep.access;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.CredentialsExpiredException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.stereotype.Component;

/** Answers refused requests with problem+json (RFC 9457), as the API does. */
@Component
final class ProblemResponses {
  private final ObjectMapper json;

  ProblemResponses(ObjectMapper json) {
    this.json = json;
  }

  void unauthorized(HttpServletResponse response, AuthenticationException e) throws IOException {
    if (e instanceof AuthenticationServiceException) {
      write(response, HttpStatus.SERVICE_UNAVAILABLE, "The database is not reachable; try again.");
      return;
    }
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"lockstep\"");
    write(
        response,
        HttpStatus.UNAUTHORIZED,
        e instanceof CredentialsExpiredException
            ? String.valueOf(e.getMessage())
            : "Send an API token as 'Authorization: Bearer <token>': one made with `./lockstep"
                + " tokens create`, LOCKSTEP_API_TOKEN, or the file api-token in"
                + " LOCKSTEP_DATA_DIR.");
  }

  void denied(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Role needed = AccessRules.find(request).map(AccessRules.Rule::role).orElse(null);
    if (needed != null) {
      write(response, HttpStatus.FORBIDDEN, "This needs the role " + needed.label() + ".");
    } else if (AccessRules.knowsPath(request)) {
      String method = request.getMethod() + " is not possible here.";
      write(response, HttpStatus.METHOD_NOT_ALLOWED, method);
    } else {
      write(response, HttpStatus.NOT_FOUND, "There is nothing here.");
    }
  }

  void logInFirst(HttpServletResponse response) throws IOException {
    write(response, HttpStatus.UNAUTHORIZED, "Log in at /login.");
  }

  void setUpFirst(HttpServletResponse response) throws IOException {
    write(
        response,
        HttpStatus.FORBIDDEN,
        "The console is open to its own machine only until somebody can log in: add a user with"
            + " `./lockstep users add`, or set up OpenID Connect.");
  }

  private void write(HttpServletResponse response, HttpStatus status, String detail)
      throws IOException {
    response.setStatus(status.value());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setCharacterEncoding(StandardCharsets.UTF_8.name());
    json.writeValue(response.getOutputStream(), ProblemDetail.forStatusAndDetail(status, detail));
  }
}
