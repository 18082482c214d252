package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.*;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ExchangeBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

final class SpikeTest {
  @Test
  void spike() throws Exception {
    WireMockServer wm = new WireMockServer(WireMockConfiguration.options().dynamicPort());
    wm.start();
    wm.stubFor(get(urlPathEqualTo("/api/now/table/incident/ok")).willReturn(okJson("{\"result\":{\"sys_id\":\"a\"}}")));
    wm.stubFor(get(urlPathEqualTo("/api/now/table/incident")).willReturn(okJson("{\"result\":[{\"sys_id\":\"a\"}]}")));
    wm.stubFor(get(urlPathEqualTo("/api/now/table/incident/r429")).willReturn(aResponse().withStatus(429).withHeader("Retry-After","7").withBody("{\"error\":{\"message\":\"Rate\"}}")));
    wm.stubFor(get(urlPathEqualTo("/api/now/table/incident/r503")).willReturn(aResponse().withStatus(503).withHeader("Content-Type","text/html").withBody("<html>x")));
    wm.stubFor(get(urlPathEqualTo("/api/now/table/incident/html")).willReturn(aResponse().withStatus(200).withHeader("Content-Type","text/html").withBody("<html>x")));
    wm.stubFor(get(urlPathEqualTo("/api/now/table/incident/slow")).willReturn(okJson("{}").withFixedDelay(4000)));
    wm.stubFor(get(urlPathEqualTo("/api/now/table/incident/reset")).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
    wm.stubFor(get(urlPathEqualTo("/api/now/table/incident/empty")).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
    wm.stubFor(any(urlPathEqualTo("/incidents/ok")).willReturn(okJson("{\"incident\":{\"id\":\"a\"}}")));
    wm.stubFor(any(urlPathEqualTo("/incidents/r503")).willReturn(aResponse().withStatus(503).withHeader("Retry-After","1")));
    wm.stubFor(any(urlPathEqualTo("/incidents/slow")).willReturn(okJson("{}").withFixedDelay(4000)));
    wm.stubFor(any(urlPathEqualTo("/incidents/reset")).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
    wm.stubFor(any(urlPathEqualTo("/incidents/empty")).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
    long t0 = System.nanoTime();
    var ctx = new DefaultCamelContext();
    Properties p = new Properties();
    p.put("camel.kamelet.spike-fetch-action.url", "http://localhost:" + wm.port());
    p.put("camel.kamelet.spike-http-action.url", "http://localhost:" + wm.port());
    ctx.getPropertiesComponent().setInitialProperties(p);
    ctx.getComponent("kamelet", KameletComponent.class).setLocation("file:connectors/servicenow");
    ctx.getComponent("http", org.apache.camel.component.http.HttpComponent.class).setAutomaticRetriesDisabled(true);
    ctx.start();
    var tpl = ctx.createProducerTemplate();
    System.err.println("STARTED " + (System.nanoTime() - t0) / 1000000);
    for (String kam : new String[] {"spike-fetch-action", "spike-http-action"})
    for (String id : new String[] {"ok", "ok", "", "r429", "r503", "html", "slow", "reset", "empty","ok"}) {
      wm.resetRequests();
      t0 = System.nanoTime();
      var b = ExchangeBuilder.anExchange(ctx).withBody("{}").build();
      b.setVariable("id", id);
      b.setVariable("query", "email=a+b@example.com^name=50% off&x={y} ü^sys_updated_on>=2026-11-24 03:00:00");
      b.setVariable("authorization", "Token token=x");
      Exchange e = tpl.send("kamelet:" + kam, b);
      System.err.println("RESULT " + kam + " " + id + " " + (System.nanoTime() - t0) / 1000000 + "ms body=" + e.getMessage().getBody(String.class) + " " + e.getMessage().getBody().getClass()+ " h=" + e.getMessage().getHeaders() + " ex=" + e.getException());
      if (e.getException() != null) for (Throwable x = e.getException().getCause(); x != null; x = x.getCause()) System.err.println("   cause " + x);
      for (var r : wm.getAllServeEvents()) System.err.println("   REQ " + r.getRequest().getMethod() + " " + r.getRequest().getUrl() + " " + r.getRequest().getHeaders().toString().replace("\n", ","));
    }
    ctx.stop();
    wm.stop();
  }
}
