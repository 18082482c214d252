package dev.lockstep.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class LocalRequestsTest {

  private static boolean matches(Consumer<MockHttpServletRequest> change) {
    MockHttpServletRequest request = new MockHttpServletRequest("GET", "/");
    request.setRemoteAddr("127.0.0.1");
    request.addHeader("Host", "localhost:8080");
    change.accept(request);
    return new LocalRequests().matches(request);
  }

  @Test
  void takesRequestsFromThisMachine() {
    assertThat(matches(request -> {})).isTrue();
    assertThat(matches(request -> request.setRemoteAddr("0:0:0:0:0:0:0:1"))).isTrue();
    assertThat(matches(request -> request.setRemoteAddr("192.0.2.7"))).isFalse();
  }

  /** A reverse proxy on this machine would pass on requests from anywhere. */
  @ParameterizedTest
  @CsvSource({
    "X-Forwarded-For, 192.0.2.7",
    "Forwarded, for=192.0.2.7",
    "X-Forwarded-By, 127.0.0.1"
  })
  void takesNothingFromAProxy(String header, String value) {
    assertThat(matches(request -> request.addHeader(header, value))).isFalse();
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
}
