package dev.lockstep.access;

import java.security.Principal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page {@code /tokens}: lists, makes and revokes API tokens. */
@Controller
@RequestMapping("/tokens")
class TokensPage {
  private final ApiTokens tokens;

  TokensPage(ApiTokens tokens) {
    this.tokens = tokens;
  }

  @GetMapping
  String show(Model model) {
    model.addAttribute("tokens", tokens.list());
    return "tokens";
  }

  /** Answers with the page itself, the only one that ever shows the token. */
  @PostMapping
  String create(
      @RequestParam("name") String name,
      @RequestParam("role") String role,
      @RequestParam("days") int days,
      Principal user,
      Model model) {
    try {
      model.addAttribute(
          "created", tokens.create(name.strip(), Role.parse(role), days, user.getName()));
    } catch (RefusedException e) {
      model.addAttribute("problem", e.getMessage());
    }
    return show(model);
  }

  @PostMapping("/{name}/revoke")
  String revoke(@PathVariable("name") String name, Principal user) {
    tokens.revoke(name, user.getName());
    return "redirect:/tokens";
  }
}
