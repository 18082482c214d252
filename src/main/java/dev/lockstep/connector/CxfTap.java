package dev.lockstep.connector;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.cxf.Bus;
import org.apache.cxf.helpers.CastUtils;
import org.apache.cxf.interceptor.Fault;
import org.apache.cxf.message.Message;
import org.apache.cxf.phase.AbstractPhaseInterceptor;
import org.apache.cxf.phase.Phase;

/** Spike. */
public final class CxfTap {
  public CxfTap(Bus bus) {
    bus.getOutInterceptors().add(new Out());
    bus.getInInterceptors().add(new In());
  }

  static final ThreadLocal<Map<String, Object>> CALL = new ThreadLocal<>();

  static final class Out extends AbstractPhaseInterceptor<Message> {
    Out() {
      super(Phase.PRE_STREAM);
    }

    @Override
    public void handleMessage(Message message) {
      Map<String, List<String>> headers =
          CastUtils.cast((Map<?, ?>) message.get(Message.PROTOCOL_HEADERS));
      System.err.println("OUT " + headers + " " + Thread.currentThread());
      headers.put("Authorization", List.of("Bearer spike"));
    }
  }

  static final class In extends AbstractPhaseInterceptor<Message> {
    In() {
      super(Phase.RECEIVE);
    }

    @Override
    public void handleMessage(Message message) throws Fault {
      Map<String, Object> h = new HashMap<>();
      h.put("status", message.get(Message.RESPONSE_CODE));
      Map<String, Object> map = new TreeMap<>();
      map.putAll(CastUtils.cast((Map<?, ?>) message.get(Message.PROTOCOL_HEADERS)));
      h.put("headers", map);
      InputStream in = message.getContent(InputStream.class);
      System.err.println("IN " + h + " " + in + " " + Thread.currentThread());
      Integer status = (Integer) message.get(Message.RESPONSE_CODE);
      if (status != null && status >= 300) {
        try {
          throw new Fault(
              new IllegalStateException("answer " + status + new String(in.readAllBytes())));
        } catch (IOException e) {
          throw new Fault(e);
        }
      }
    }
  }
}
