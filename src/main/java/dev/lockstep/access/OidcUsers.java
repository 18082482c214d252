package dev.lockstep.access;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.userinfo.OAuth2UserService;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.stereotype.Component;

/** Users of an OpenID Connect provider, with the role that its claims give them. */
@Component
@EnableConfigurationProperties(OidcSettings.class)
class OidcUsers implements OAuth2UserService<OidcUserRequest, OidcUser> {
  /** Why a user is refused. */
  static final String NO_ROLE = "no-role";

  static final String NAME = "name";

  private static final Logger LOG = LoggerFactory.getLogger(OidcUsers.class);

  private final OidcUserService claims = new OidcUserService();
  private final OidcSettings settings;
  private final UserStore users;

  OidcUsers(OidcSettings settings, UserStore users) {
    this.settings = settings;
    this.users = users;
  }

  @Override
  public OidcUser loadUser(OidcUserRequest request) {
    OidcUser user = claims.loadUser(request);
    String nameClaim =
        request
            .getClientRegistration()
            .getProviderDetails()
            .getUserInfoEndpoint()
            .getUserNameAttributeName();
    // A local user of this name is someone else, which the audit could not tell.
    if (!AccountName.isAcceptable(user.getName()) || users.exists(user.getName())) {
      throw refused(NAME, user);
    }
    Role role = settings.role(user.getClaims()).orElseThrow(() -> refused(NO_ROLE, user));
    return nameClaim == null || nameClaim.isEmpty()
        ? new DefaultOidcUser(role.authorities(), user.getIdToken(), user.getUserInfo())
        : new DefaultOidcUser(role.authorities(), user.getIdToken(), user.getUserInfo(), nameClaim);
  }

  private static OAuth2AuthenticationException refused(String why, OidcUser user) {
    LOG.warn("Log-in of {} refused: {}", AccountName.printable(user.getName()), why);
    return new OAuth2AuthenticationException(new OAuth2Error(why), why);
  }
}
