package dev.lockstep.api;

import dev.lockstep.access.Role;
import dev.lockstep.access.Users;
import dev.lockstep.access.Users.User;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Local users: list, add, remove, change a password or an address; documented in {@code
 * docs/api.md}.
 */
@RestController
@RequestMapping("/api/users")
class UsersController {
  private static final String PASSWORD = "password";
  private static final String EMAIL = "email";

  private final Users users;

  UsersController(Users users) {
    this.users = users;
  }

  @GetMapping
  UserList list() {
    return new UserList(users.list().stream().map(UsersController::line).toList());
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  UserLine add(@RequestBody Map<String, String> body, Principal user) {
    DecisionParameters given =
        new DecisionParameters(body, List.of("name", EMAIL, "role", PASSWORD));
    return line(
        users.add(
            given.text("name", null),
            given.text(EMAIL, null),
            Role.parse(given.text("role", null)),
            given.verbatim(PASSWORD),
            user.getName()));
  }

  @PutMapping("/{name}/password")
  UserResult changePassword(
      @PathVariable("name") String name, @RequestBody Map<String, String> body, Principal user) {
    String password = new DecisionParameters(body, List.of(PASSWORD)).verbatim(PASSWORD);
    return result(name, "changed", users.changePassword(name, password, user.getName()));
  }

  /** Without an address, or with an empty one, the user has none from then on. */
  @PutMapping("/{name}/email")
  UserResult changeEmail(
      @PathVariable("name") String name, @RequestBody Map<String, String> body, Principal user) {
    String email = new DecisionParameters(body, List.of(EMAIL)).text(EMAIL, null);
    return result(name, "changed", users.changeEmail(name, email, user.getName()));
  }

  @DeleteMapping("/{name}")
  UserResult remove(@PathVariable("name") String name, Principal user) {
    return result(name, "removed", users.remove(name, user.getName()));
  }

  record UserList(List<UserLine> users) {}

  record UserLine(String name, String email, String role, String createdBy, Instant createdAt) {}

  record UserResult(String name, String outcome) {}

  private static UserLine line(User user) {
    return new UserLine(
        user.name(), user.email(), user.role().label(), user.createdBy(), user.createdAt());
  }

  private static UserResult result(String name, String outcome, boolean exists) {
    if (!exists) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no user " + name);
    }
    return new UserResult(name, outcome);
  }
}
