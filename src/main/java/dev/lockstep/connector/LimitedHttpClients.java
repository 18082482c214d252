package dev.lockstep.connector;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.camel.component.http.HttpComponent;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Applies {@link ResponseLimits} to Apache HttpClient, which Camel's {@code http} component uses.
 */
final class LimitedHttpClients {
  /** Higher than any connector's in-flight limit, which is the effective one. */
  private static final int CONNECTIONS_PER_HOST = 64;

  private static final int CONNECTIONS = 256;
  private static final int HEADERS = 200;
  private static final int HEADER_LENGTH = 64 * 1024;

  private LimitedHttpClients() {}

  static void prepare(HttpComponent component, ResponseLimits limits) {
    component.setClientConnectionManager(
        new Connections(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(CONNECTIONS_PER_HOST)
                .setMaxConnTotal(CONNECTIONS)
                .setConnectionFactory(
                    ManagedHttpClientConnectionFactory.builder()
                        .http1Config(
                            Http1Config.custom()
                                .setMaxHeaderCount(HEADERS)
                                .setMaxLineLength(HEADER_LENGTH)
                                .build())
                        .build())
                .build()));
    // First in the chain, outside decompression: the limit counts what is held in memory.
    component.setHttpClientConfigurer(
        client -> client.addExecInterceptorFirst("answer-limits", new LimitInterceptor(limits)));
  }

  private record LimitInterceptor(ResponseLimits limits) implements ExecChainHandler {
    @Override
    public ClassicHttpResponse execute(
        ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
        throws IOException, HttpException {
      ResponseLimits.Deadline watch = limits.startDeadline();
      watch.onExpiry(scope.execRuntime::discardEndpoint);
      boolean reading = false;
      try {
        ClassicHttpResponse response = chain.proceed(request, scope);
        HttpEntity entity = response.getEntity();
        if (entity != null) {
          response.setEntity(
              new LimitedEntity(
                  entity, response.getCode(), watch, scope.execRuntime::discardEndpoint));
          reading = true;
        }
        return response;
      } catch (IOException e) {
        throw watch.expired() ? watch.timeout() : e;
      } finally {
        if (!reading) {
          watch.close();
        }
      }
    }
  }

  private static final class LimitedEntity extends HttpEntityWrapper {
    private final int status;
    private final ResponseLimits.Deadline watch;
    private final AutoCloseable breaks;
    private @Nullable InputStream content;

    LimitedEntity(
        HttpEntity entity, int status, ResponseLimits.Deadline watch, AutoCloseable breaks) {
      super(entity);
      this.status = status;
      this.watch = watch;
      this.breaks = breaks;
    }

    @Override
    public InputStream getContent() throws IOException {
      if (content == null) {
        content = watch.limit(super.getContent(), status, breaks);
      }
      return content;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      getContent().transferTo(out);
    }
  }

  /**
   * Keeps the pool open: HttpClient ({@code MainClientExec}) would close it for all later calls
   * when one call ends in an {@link Error}.
   */
  private record Connections(HttpClientConnectionManager pool)
      implements HttpClientConnectionManager {
    @Override
    public LeaseRequest lease(
        String id, HttpRoute route, Timeout requestTimeout, @Nullable Object state) {
      return pool.lease(id, route, requestTimeout, state);
    }

    @Override
    public void release(
        ConnectionEndpoint endpoint, @Nullable Object newState, TimeValue validDuration) {
      pool.release(endpoint, newState, validDuration);
    }

    @Override
    public void connect(ConnectionEndpoint endpoint, TimeValue connectTimeout, HttpContext context)
        throws IOException {
      pool.connect(endpoint, connectTimeout, context);
    }

    @Override
    public void upgrade(ConnectionEndpoint endpoint, HttpContext context) throws IOException {
      pool.upgrade(endpoint, context);
    }

    @Override
    public void close(CloseMode mode) {
      // Its sockets end with the process.
    }

    @Override
    public void close() {
      // See above.
    }
  }
}
