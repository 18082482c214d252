package dev.lockstep.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.server.CookieSameSiteSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.CookieRequestCache;

/**
 * The console's part of the access rules: a session after a log-in with a password or with an
 * identity provider. Nothing is kept in memory for callers who have not logged in.
 */
@Configuration(proxyBeanMethods = false)
class ConsoleSecurity {
  private static final String CONTENT =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none';"
          + " base-uri 'none'";

  private final SetUp setUp;
  private final UserStore users;
  private final LoginLimits limits;
  private final OidcUsers oidcUsers;
  private final ProblemResponses problems;

  ConsoleSecurity(
      SetUp setUp,
      UserStore users,
      LoginLimits limits,
      OidcUsers oidcUsers,
      ProblemResponses problems) {
    this.setUp = setUp;
    this.users = users;
    this.limits = limits;
    this.oidcUsers = oidcUsers;
    this.problems = problems;
  }

  @Bean
  @Order(3)
  SecurityFilterChain console(
      HttpSecurity http,
      PasswordEncoder passwords,
      ObjectProvider<ClientRegistrationRepository> identityProviders)
      throws Exception {
    DaoAuthenticationProvider localUsers = new DaoAuthenticationProvider(users::load);
    localUsers.setPasswordEncoder(passwords);
    http.authorizeHttpRequests(AccessRules::apply)
        .addFilterBefore(new LoopbackFilter(setUp, problems), CsrfFilter.class)
        .addFilterAfter(new LoginLimitFilter(limits), CsrfFilter.class)
        .addFilterBefore(new CurrentUserFilter(users), AuthorizationFilter.class)
        .authenticationProvider(setUp)
        .authenticationProvider(localUsers)
        .formLogin(
            form ->
                form.loginPage(LoginPage.PATH).failureUrl(LoginPage.PATH + "?" + LoginPage.FAILED))
        .logout(logout -> logout.logoutSuccessUrl(LoginPage.PATH + "?" + LoginPage.LOGGED_OUT))
        .csrf(csrf -> csrf.csrfTokenRepository(csrfTokens()))
        .requestCache(cache -> cache.requestCache(new CookieRequestCache()))
        .headers(
            headers ->
                headers
                    .contentSecurityPolicy(csp -> csp.policyDirectives(CONTENT))
                    .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN)))
        .exceptionHandling(
            errors ->
                errors
                    .authenticationEntryPoint((request, response, e) -> logIn(request, response))
                    .accessDeniedHandler((request, response, e) -> deny(request, response, e)));
    if (identityProviders.stream().findAny().isPresent()) {
      http.oauth2Login(
          login ->
              login
                  .loginPage(LoginPage.PATH)
                  .userInfoEndpoint(info -> info.oidcUserService(oidcUsers))
                  .failureHandler((request, response, e) -> refuse(response, e)));
    }
    return http.build();
  }

  /** Lax and not strict: an identity provider leads back from another site. */
  @Bean
  CookieSameSiteSupplier sameSiteCookies() {
    return CookieSameSiteSupplier.ofLax();
  }

  /** In a cookie: in a session it would take memory for everyone who opens the log-in page. */
  private static CookieCsrfTokenRepository csrfTokens() {
    CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
    tokens.setCookieCustomizer(cookie -> cookie.httpOnly(true).sameSite("Strict"));
    return tokens;
  }

  private void logIn(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (request.getHeader("HX-Request") != null) {
      // htmx would show the page of a redirect within the present one.
      response.setHeader("HX-Redirect", LoginPage.PATH);
      response.setStatus(HttpStatus.UNAUTHORIZED.value());
    } else if (isPage(request)) {
      response.sendRedirect(LoginPage.PATH);
    } else {
      problems.logInFirst(response);
    }
  }

  /** A request that Spring repeats after a log-in has no headers. */
  private static boolean isPage(HttpServletRequest request) {
    String accepted = request.getHeader(HttpHeaders.ACCEPT);
    return accepted == null || accepted.contains(MediaType.TEXT_HTML_VALUE);
  }

  private static void deny(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
      throws IOException {
    boolean exists = e instanceof CsrfException || AccessRules.find(request).isPresent();
    response.sendError((exists ? HttpStatus.FORBIDDEN : HttpStatus.NOT_FOUND).value());
  }

  private static void refuse(HttpServletResponse response, AuthenticationException e)
      throws IOException {
    String why =
        e instanceof OAuth2AuthenticationException refused
                && LoginPage.explains(refused.getError().getErrorCode())
            ? refused.getError().getErrorCode()
            : LoginPage.PROVIDER;
    response.sendRedirect(LoginPage.PATH + "?" + why);
  }
}
