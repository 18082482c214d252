package dev.lockstep.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.context.support.GenericWebApplicationContext;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Nothing is reachable by accident, and nothing that exists is forgotten. */
final class AccessRulesTest {
  private static Set<RequestMappingInfo> mapped;

  /** Their types are enough: no controller is created. */
  @BeforeAll
  static void readMappings() throws ClassNotFoundException {
    var scan = new ClassPathScanningCandidateComponentProvider(false);
    scan.addIncludeFilter(new AnnotationTypeFilter(Controller.class));
    try (GenericWebApplicationContext context = new GenericWebApplicationContext()) {
      for (BeanDefinition controller : scan.findCandidateComponents("dev.lockstep")) {
        controller.setLazyInit(true);
        context.registerBeanDefinition(controller.getBeanClassName(), controller);
      }
      context.refresh();
      RequestMappingHandlerMapping mapping = new RequestMappingHandlerMapping();
      mapping.setApplicationContext(context);
      mapping.afterPropertiesSet();
      mapped = mapping.getHandlerMethods().keySet();
    }
  }

  @Test
  void everyMappedMethodHasARule() {
    List<String> without = new ArrayList<>();
    for (RequestMappingInfo info : mapped) {
      for (String pattern : info.getPatternValues()) {
        for (RequestMethod method : info.getMethodsCondition().getMethods()) {
          MockHttpServletRequest request = request(method.name(), pattern);
          if (AccessRules.find(request).isEmpty()) {
            without.add(method + " " + pattern);
          }
        }
      }
    }
    assertThat(mapped).hasSizeGreaterThan(20).allMatch(info -> hasMethod(info));
    assertThat(without).isEmpty();
  }

  /** One without a method would answer every method. */
  private static boolean hasMethod(RequestMappingInfo info) {
    return !info.getMethodsCondition().getMethods().isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/pairs, VIEWER",
    "HEAD, /api/pairs, VIEWER",
    "GET, /api/pairs/p1, VIEWER",
    "GET, /api/trace/a/b/c, VIEWER",
    "GET, /api/report/actions, VIEWER",
    "POST, /api/duplicates/1/accept, OPERATOR",
    "DELETE, /api/dead-letters/1, OPERATOR",
    "POST, /api/reconciliation, OPERATOR",
    "POST, /api/postmortems, OPERATOR",
    "GET, /api/problems, VIEWER",
    "POST, /api/problems/3/accept, OPERATOR",
    "GET, /problems, VIEWER",
    "POST, /problems/3/reject, OPERATOR",
    "POST, /postmortems, OPERATOR",
    "GET, /postmortems, VIEWER",
    "GET, /, VIEWER",
    "GET, /events, VIEWER",
    "GET, /audit/export, VIEWER",
    "POST, /conflicts/1, OPERATOR",
    "GET, /maintenance, VIEWER",
    "POST, /maintenance/pause, OPERATOR",
    "GET, /plans/7, VIEWER",
    "POST, /plans/start, OPERATOR",
    "POST, /plans/7/apply, OPERATOR",
    "GET, /settings, ADMIN",
    "GET, /api/users, ADMIN",
    "PUT, /api/users/ann/password, ADMIN",
    "GET, /api/tokens, ADMIN",
    "DELETE, /api/tokens/ci, ADMIN",
    "POST, /users/ann/remove, ADMIN",
    "GET, /tokens, ADMIN",
  })
  void needsTheLeastRole(String method, String path, Role role) {
    assertThat(AccessRules.find(request(method, path)))
        .hasValueSatisfying(rule -> assertThat(rule.role()).isEqualTo(role));
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /webhooks/pager",
    "GET, /health",
    "GET, /health/ready",
    "GET, /metrics",
    "GET, /login",
    "GET, /assets/console.css"
  })
  void isOpenToAnyone(String method, String path) {
    assertThat(AccessRules.find(request(method, path)))
        .hasValueSatisfying(rule -> assertThat(rule.role()).isNull());
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /env",
    "GET, /actuator/env",
    "GET, /api",
    "GET, /api/other",
    "PUT, /api/pairs",
    "POST, /",
    "POST, /audit",
    "OPTIONS, /api/pairs",
    "TRACE, /",
    "GET, /error"
  })
  void isDeniedToEveryone(String method, String path) {
    assertThat(AccessRules.find(request(method, path))).isEmpty();
  }

  private static MockHttpServletRequest request(String method, String pattern) {
    String path = pattern.replaceAll("\\{[^}]*}", "x");
    MockHttpServletRequest request = new MockHttpServletRequest(method, path);
    request.setServletPath(path);
    return request;
  }
}
