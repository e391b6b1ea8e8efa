using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Security;

/// <summary>The permission that an endpoint asks for, <c>module:action</c>.</summary>
/// <param name="Name">For example <c>catalog:write</c>.</param>
public sealed record RequiredPermission(string Name);

/// <summary>The endpoint serves whoever is known, each with what is theirs.</summary>
public sealed record RequiredSubject;

/// <summary>Who may call an endpoint. Every endpoint names a permission, asks for somebody known or allows anonymous callers, or the host does not start.</summary>
public static class Permissions
{
    /// <summary>The permission to see the log's subscriptions, failures and timers.</summary>
    public const string LogRead = "log:read";

    /// <summary>The permission to replay, discard and rewind.</summary>
    public const string LogManage = "log:manage";

    /// <summary>The permission to see who changed what.</summary>
    public const string AuditRead = "audit:read";

    /// <summary>The permissions of the platform's own operations.</summary>
    public static IReadOnlyList<PermissionAttribute> OfPlatform { get; } =
    [
        new(LogRead, "See the log's subscriptions, failures and timers."),
        new(LogManage, "Replay, discard and rewind what the log delivers."),
        new(AuditRead, "See who changed what, when and from where, over all modules."),
    ];

    /// <summary>
    /// Makes the endpoint ask for a permission: 401 for a caller who is nobody known, 403 for one who does not hold it. Where access is open
    /// (<c>Security:OpenAccess</c>) those who are nobody known may do everything.
    /// </summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="permission">The permission, <c>module:action</c>; the module declares it with <see cref="PermissionAttribute"/>.</param>
    /// <returns>The same endpoint.</returns>
    public static RouteHandlerBuilder RequirePermission(this RouteHandlerBuilder builder, string permission) => builder
        .WithMetadata(new RequiredPermission(permission));

    /// <summary>Makes the endpoint ask for somebody known, 401 otherwise. What belongs to somebody else is not found: the query asks for the owner.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <returns>The same endpoint.</returns>
    public static RouteHandlerBuilder RequireSubject(this RouteHandlerBuilder builder) => builder
        .WithMetadata(new RequiredSubject());

    /// <summary>Whether the caller has a permission, for operations that show more to those who have it.</summary>
    /// <param name="http">The request.</param>
    /// <param name="permission">The permission, <c>module:action</c>.</param>
    /// <returns>True when it is granted or access is open.</returns>
    public static bool Allows(HttpContext http, string permission)
    {
        ArgumentException.ThrowIfNullOrEmpty(permission);
        return http.RequestServices.GetRequiredService<ICaller>().Has(permission);
    }

    /// <summary>Refuses a caller without a permission, for operations that need it only in some cases.</summary>
    /// <param name="http">The request.</param>
    /// <param name="permission">The permission, <c>module:action</c>.</param>
    /// <exception cref="ProblemException">401 for a caller who is nobody known, 403 when it is not granted.</exception>
    public static void Require(HttpContext http, string permission)
    {
        if (Allows(http, permission))
        {
            return;
        }

        throw http.RequestServices.GetRequiredService<Caller>().IsAuthenticated
            ? new ProblemException(ProblemTypes.Forbidden, $"This needs the permission {permission}.").With("permission", permission)
            : new ProblemException(ProblemTypes.Unauthenticated, $"This needs the permission {permission}. Send an access token in the Authorization header.");
    }

    // Before anything of the request is read: whoever may not call an operation learns nothing about what it takes.
    internal static void Use(IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        var metadata = http.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<RequiredPermission>() is { } permission)
        {
            Require(http, permission.Name);
        }
        else if (metadata?.GetMetadata<RequiredSubject>() is not null)
        {
            http.RequestServices.GetRequiredService<ICaller>().RequireSubject();
        }

        return next(http);
    });

    internal static void Verify(IEnumerable<EndpointDataSource> sources, ModuleCatalog modules)
    {
        var declared = modules.Modules.SelectMany(static module => module.Permissions).Select(static permission => permission.Name).Concat(OfPlatform.Select(static permission => permission.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (var endpoint in sources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            var permission = endpoint.Metadata.GetMetadata<RequiredPermission>();
            if (permission is not null && !declared.Contains(permission.Name))
            {
                throw new ModuleConfigurationException(
                    $"The endpoint {endpoint.RoutePattern.RawText} asks for the permission '{permission.Name}', which no module declares, so nobody could hold it. Add [Permission(\"{permission.Name}\", \"…\")] to the module's class.");
            }

            if (permission is null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null && endpoint.Metadata.GetMetadata<RequiredSubject>() is null)
            {
                throw new ModuleConfigurationException(
                    $"The endpoint {endpoint.RoutePattern.RawText} ({endpoint.DisplayName}) names neither a permission nor AllowAnonymous. Add .RequirePermission(\"module:action\"), .RequireSubject() or .AllowAnonymous() where it is mapped.");
            }
        }
    }
}

/// <summary>Whether those who are nobody known may do everything: on a closed network, or in Development as long as no module could know anybody.</summary>
internal sealed class OpenAccess(IHostEnvironment environment, IConfiguration configuration, IEnumerable<CredentialScheme> schemes)
{
    public bool IsOpen { get; } = configuration.GetValue("Security:OpenAccess", environment.IsDevelopment() && !schemes.Any());
}
