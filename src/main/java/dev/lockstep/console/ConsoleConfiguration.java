package dev.lockstep.console;

import dev.lockstep.record.PlainText;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.thymeleaf.dialect.IPostProcessorDialect;
import org.thymeleaf.engine.AbstractTemplateHandler;
import org.thymeleaf.model.IText;
import org.thymeleaf.postprocessor.IPostProcessor;
import org.thymeleaf.postprocessor.PostProcessor;
import org.thymeleaf.templatemode.TemplateMode;

/** How pages are rendered: texts of strangers cannot act in them. */
@Configuration(proxyBeanMethods = false)
class ConsoleConfiguration implements WebMvcConfigurer {
  /** No script or style but the console's own files. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry
        .addInterceptor(
            new HandlerInterceptor() {
              @Override
              public boolean preHandle(
                  HttpServletRequest request, HttpServletResponse response, Object handler) {
                response.setHeader("Content-Security-Policy", POLICY);
                response.setHeader("Referrer-Policy", "same-origin");
                return true;
              }
            })
        .excludePathPatterns("/api/**", "/webhooks/**", "/health/**", "/metrics");
  }

  @Bean
  IPostProcessorDialect plainTexts() {
    return new IPostProcessorDialect() {
      @Override
      public String getName() {
        return "plain texts";
      }

      @Override
      public int getDialectPostProcessorPrecedence() {
        return 1000;
      }

      @Override
      public Set<IPostProcessor> getPostProcessors() {
        return Set.of(new PostProcessor(TemplateMode.HTML, PlainTexts.class, 1000));
      }
    };
  }

  /**
   * Removes what HTML's escapes leave in: control characters, and those that turn the direction of
   * the text after them.
   */
  public static final class PlainTexts extends AbstractTemplateHandler {
    @Override
    public void handleText(IText text) {
      String shown = text.getText();
      String clean = PlainText.clean(shown);
      super.handleText(
          clean.equals(shown)
              ? text
              : getContext()
                  .getConfiguration()
                  .getModelFactory(TemplateMode.HTML)
                  .createText(clean));
    }
  }
}
