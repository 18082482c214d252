package dev.lockstep.access;

import java.security.Principal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The page {@code /users}: lists, adds and removes local users, and changes passwords and
 * addresses.
 */
@Controller
@RequestMapping("/users")
class UsersPage {
  private final Users users;

  UsersPage(Users users) {
    this.users = users;
  }

  @GetMapping
  String show(Model model) {
    model.addAttribute("users", users.list());
    return "users";
  }

  @PostMapping
  String add(
      @RequestParam("name") String name,
      @RequestParam(name = "email", defaultValue = "") String email,
      @RequestParam("role") String role,
      @RequestParam("password") String password,
      Principal user,
      Model model) {
    return change(
        () -> users.add(name.strip(), email, Role.parse(role), password, user.getName()), model);
  }

  @PostMapping("/{name}/password")
  String changePassword(
      @PathVariable("name") String name,
      @RequestParam("password") String password,
      Principal user,
      Model model) {
    return change(() -> users.changePassword(name, password, user.getName()), model);
  }

  @PostMapping("/{name}/email")
  String changeEmail(
      @PathVariable("name") String name,
      @RequestParam(name = "email", defaultValue = "") String email,
      Principal user,
      Model model) {
    return change(() -> users.changeEmail(name, email, user.getName()), model);
  }

  @PostMapping("/{name}/remove")
  String remove(@PathVariable("name") String name, Principal user, Model model) {
    return change(() -> users.remove(name, user.getName()), model);
  }

  private String change(Runnable change, Model model) {
    try {
      change.run();
      return "redirect:/users";
    } catch (RefusedException e) {
      model.addAttribute("problem", e.getMessage());
      return show(model);
    }
  }
}
