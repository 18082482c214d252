package dev.lockstep.api;

import dev.lockstep.access.ApiTokens;
import dev.lockstep.access.ApiTokens.ApiToken;
import dev.lockstep.access.ApiTokens.NewToken;
import dev.lockstep.access.Role;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** API tokens: list, create, revoke; documented in {@code docs/api.md}. */
@RestController
@RequestMapping("/api/tokens")
class TokensController {
  private static final String DEFAULT_DAYS = "90";

  private final ApiTokens tokens;

  TokensController(ApiTokens tokens) {
    this.tokens = tokens;
  }

  @GetMapping
  TokenList list() {
    return new TokenList(tokens.list().stream().map(TokensController::line).toList());
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  CreatedToken create(@RequestBody Map<String, String> body, Principal user) {
    DecisionParameters given = new DecisionParameters(body, List.of("name", "role", "days"));
    NewToken created =
        tokens.create(
            given.text("name", null),
            Role.parse(given.text("role", null)),
            days(given.text("days", null)),
            user.getName());
    return new CreatedToken(created.secret(), line(created.token()));
  }

  @DeleteMapping("/{name}")
  RevokedToken revoke(@PathVariable("name") String name, Principal user) {
    if (!tokens.revoke(name, user.getName())) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no token " + name);
    }
    return new RevokedToken(name, "revoked");
  }

  record TokenList(List<TokenLine> tokens) {}

  record TokenLine(
      String name,
      String role,
      String createdBy,
      Instant createdAt,
      Instant expiresAt,
      @Nullable Instant lastUsedAt) {}

  /**
   * @param secret the token itself, which no other response contains
   */
  record CreatedToken(String secret, TokenLine token) {}

  record RevokedToken(String name, String outcome) {}

  private static TokenLine line(ApiToken token) {
    return new TokenLine(
        token.name(),
        token.role().label(),
        token.createdBy(),
        token.createdAt(),
        token.expiresAt(),
        token.lastUsedAt());
  }

  private static int days(String given) {
    String days = given.isEmpty() ? DEFAULT_DAYS : given;
    if (!days.matches("\\d{1,4}")) {
      throw DecisionParameters.badRequest("days: '" + days + "' is not a number of days");
    }
    return Integer.parseInt(days);
  }
}
