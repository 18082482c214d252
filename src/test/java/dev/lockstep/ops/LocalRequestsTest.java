package dev.lockstep.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class LocalRequestsTest {

  private static boolean matches(String method, Consumer<MockHttpServletRequest> change) {
    MockHttpServletRequest request = new MockHttpServletRequest(method, "/");
    request.setRemoteAddr("127.0.0.1");
    request.addHeader("Host", "localhost:8080");
    change.accept(request);
    return new LocalRequests().matches(request);
  }

  @Test
  void takesReadsFromThisMachine() {
    assertThat(matches("GET", request -> {})).isTrue();
    assertThat(matches("GET", request -> request.setRemoteAddr("0:0:0:0:0:0:0:1"))).isTrue();
    assertThat(matches("GET", request -> request.setRemoteAddr("192.0.2.7"))).isFalse();
  }

  /** A reverse proxy on this machine would pass on requests from anywhere. */
  @ParameterizedTest
  @CsvSource({"X-Forwarded-For, 192.0.2.7", "Forwarded, for=192.0.2.7"})
  void takesNothingFromAProxy(String header, String value) {
    assertThat(matches("GET", request -> request.addHeader(header, value))).isFalse();
  }

  /** A page elsewhere whose name was made to point here sends that name. */
  @Test
  void takesNothingForAnotherName() {
    MockHttpServletRequest request = new MockHttpServletRequest("GET", "/");
    request.setRemoteAddr("127.0.0.1");
    assertThat(new LocalRequests().matches(request)).isFalse();
    request.addHeader("Host", "rebound.example:8080");
    assertThat(new LocalRequests().matches(request)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8080, true",
    "http://localhost:9090, false",
    "http://evil.example, false",
    "null, false",
    "http://a b, false"
  })
  void takesChangesOnlyFromItsOwnPages(String origin, boolean expected) {
    assertThat(matches("POST", request -> request.addHeader("Origin", origin))).isEqualTo(expected);
  }

  @Test
  void takesNoChangeWithoutAnOrigin() {
    assertThat(matches("POST", request -> {})).isFalse();
  }
}
