package dev.lockstep.access;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AuthenticationFilter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * How requests are authenticated: webhooks by their signatures, later; probes not at all; the API
 * by a token; everything else is the console's, see {@link ConsoleSecurity}. What each may do is in
 * {@link AccessRules}.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
  private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

  @Bean
  RoleHierarchy roleHierarchy() {
    return Role.hierarchy();
  }

  @Bean
  PasswordEncoder passwordEncoder() {
    return PasswordEncoderFactories.createDelegatingPasswordEncoder();
  }

  @Bean
  @Order(1)
  SecurityFilterChain open(HttpSecurity http) throws Exception {
    return stateless(http.securityMatcher(any("/webhooks/**", "/health/**", "/metrics"))).build();
  }

  @Bean
  @Order(2)
  SecurityFilterChain api(HttpSecurity http, BearerAuthentication bearer, ProblemResponses problems)
      throws Exception {
    AuthenticationFilter tokens = new AuthenticationFilter(bearer, bearer);
    tokens.setSuccessHandler((request, response, user) -> {});
    tokens.setFailureHandler((request, response, e) -> problems.unauthorized(response, e));
    RequestMatcher postmortems =
        PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.POST, "/postmortems");
    return stateless(http.securityMatcher(new OrRequestMatcher(any("/api/**"), postmortems)))
        .addFilterBefore(tokens, AuthorizationFilter.class)
        .exceptionHandling(
            errors ->
                errors
                    .authenticationEntryPoint(
                        (request, response, e) -> problems.unauthorized(response, e))
                    .accessDeniedHandler(
                        (request, response, e) -> problems.denied(request, response)))
        .build();
  }

  /** No request is authenticated by a session or cookie, so CSRF does not apply. */
  private static HttpSecurity stateless(HttpSecurity http) throws Exception {
    return http.authorizeHttpRequests(AccessRules::apply)
        .csrf(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .headers(headers -> headers.contentSecurityPolicy(csp -> csp.policyDirectives(NOTHING)));
  }

  private static RequestMatcher any(String... patterns) {
    RequestMatcher[] matchers = new RequestMatcher[patterns.length];
    for (int i = 0; i < patterns.length; i++) {
      matchers[i] = PathPatternRequestMatcher.withDefaults().matcher(patterns[i]);
    }
    return new OrRequestMatcher(matchers);
  }
}
