package dev.lockstep.access;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.security.oauth2.client.OAuth2ClientProperties;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page {@code /login}; Spring Security handles what its form sends. */
@Controller
class LoginPage {
  static final String PATH = "/login";

  /** Where a log-in with an identity provider starts, followed by the name of its registration. */
  static final String AUTHORIZATION = "/oauth2/authorization";

  /** Query parameters that say why the page is shown. */
  static final String FAILED = "failed";

  static final String LIMITED = "limited";
  static final String LOGGED_OUT = "logged-out";
  static final String PROVIDER = "provider";

  private static final Map<String, String> MESSAGES =
      Map.of(
          FAILED,
          "Name or password is wrong.",
          LIMITED,
          "Too many log-ins. Wait a minute, then try again.",
          LOGGED_OUT,
          "You are logged out.",
          PROVIDER,
          "Your identity provider did not let you in; try again or see Lockstep's log.",
          OidcUsers.NO_ROLE,
          "You have no role in Lockstep. Ask an administrator to add you to one of its groups.",
          OidcUsers.NAME,
          "Your name cannot be used in Lockstep. Ask an administrator.");

  private final SetUp setUp;
  private final List<String> providers;

  LoginPage(SetUp setUp, ObjectProvider<OAuth2ClientProperties> clients) {
    this.setUp = setUp;
    this.providers =
        clients.stream()
            .flatMap(client -> new TreeSet<>(client.getRegistration().keySet()).stream())
            .toList();
  }

  @GetMapping(PATH)
  String show(@RequestParam Map<String, String> query, Model model) {
    if (isLoggedIn(SecurityContextHolder.getContext().getAuthentication())) {
      return "redirect:/";
    }
    model.addAttribute(
        "message",
        query.keySet().stream()
            .filter(MESSAGES::containsKey)
            .findFirst()
            .map(MESSAGES::get)
            .orElse(""));
    model.addAttribute("providers", providers);
    model.addAttribute("authorization", AUTHORIZATION + "/");
    model.addAttribute("setUp", setUp.isDone() ? "" : AccountName.SETUP);
    return "login";
  }

  static boolean explains(String parameter) {
    return MESSAGES.containsKey(parameter);
  }

  private static boolean isLoggedIn(@Nullable Authentication authentication) {
    return authentication != null
        && authentication.isAuthenticated()
        && !(authentication instanceof AnonymousAuthenticationToken);
  }
}
