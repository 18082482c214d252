package dev.lockstep.ops;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.AndRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Access rules. Webhooks are open because each is verified by its signature; health and metrics are
 * open so that probes and scrapers need no secret (neither contains record content); the API
 * requires the token; everything else is denied.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
  /** The pages of the console and what they load. */
  private static final String[] CONSOLE = {
    "/",
    "/overview",
    "/events",
    "/incidents/**",
    "/conflicts/**",
    "/duplicates/**",
    "/action-items",
    "/postmortems",
    "/dead-letters/**",
    "/audit",
    "/audit.csv",
    "/mappings",
    "/settings",
    "/assets/**",
    "/webjars/**"
  };

  @Bean
  SecurityFilterChain securityFilterChain(HttpSecurity http, ApiToken token, ObjectMapper json)
      throws Exception {
    return http.authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                    .permitAll()
                    .requestMatchers("/webhooks/**", "/health", "/health/**", "/metrics")
                    .permitAll()
                    .requestMatchers("/api/**")
                    .authenticated()
                    .requestMatchers(HttpMethod.POST, "/postmortems")
                    .authenticated()
                    .requestMatchers(
                        new AndRequestMatcher(
                            new OrRequestMatcher(
                                Stream.of(CONSOLE)
                                    .map(PathPatternRequestMatcher.withDefaults()::matcher)
                                    .toArray(RequestMatcher[]::new)),
                            new LocalRequests()))
                    .permitAll()
                    .anyRequest()
                    .denyAll())
        .addFilterBefore(new BearerTokenFilter(token), AuthorizationFilter.class)
        // No request is authenticated by a session or cookie, so CSRF does not apply.
        .csrf(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .formLogin(AbstractHttpConfigurer::disable)
        .httpBasic(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .exceptionHandling(
            errors ->
                errors
                    .authenticationEntryPoint(
                        (request, response, e) -> unauthorized(response, json))
                    .accessDeniedHandler((request, response, e) -> notFound(response, json)))
        .build();
  }

  /** Without this bean Boot would generate a user and print its password. */
  @Bean
  AuthenticationManager authenticationManager() {
    return authentication -> {
      throw new AuthenticationException("The API token is the only way in") {};
    };
  }

  private static void unauthorized(HttpServletResponse response, ObjectMapper json)
      throws IOException {
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"lockstep\"");
    write(
        response,
        json,
        HttpStatus.UNAUTHORIZED,
        "Send the API token as 'Authorization: Bearer <token>': LOCKSTEP_API_TOKEN, or the file"
            + " api-token in LOCKSTEP_DATA_DIR.");
  }

  private static void notFound(HttpServletResponse response, ObjectMapper json) throws IOException {
    write(response, json, HttpStatus.NOT_FOUND, "There is nothing here.");
  }

  private static void write(
      HttpServletResponse response, ObjectMapper json, HttpStatus status, String detail)
      throws IOException {
    response.setStatus(status.value());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setCharacterEncoding(StandardCharsets.UTF_8.name());
    json.writeValue(response.getOutputStream(), ProblemDetail.forStatusAndDetail(status, detail));
  }
}
