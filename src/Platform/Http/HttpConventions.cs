using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Boundaries;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Platform.Http;

/// <summary>What holds for every request, in the order in which it is applied. docs/api.md lists the conventions.</summary>
internal static class HttpConventions
{
    public static void Add(IServiceCollection services, HttpSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<CursorSeal>();
        services.AddSingleton<RateLimits>();
        Transport.Add(services, settings);
        Compression.Add(services);
    }

    public static void Use(WebApplication app)
    {
        var settings = app.Services.GetRequiredService<HttpSettings>();
        Transport.UseKnownProxies(app, settings);
        ResponseHeaders.Use(app);
        app.UseExceptionHandler();
        app.UseStatusCodePages(static context => ProblemWriter.WriteStatusAsync(context.HttpContext));
        Transport.RefusePlain(app, settings);
        Transport.UseAllowedOrigins(app, settings);
        app.UseResponseCompression();
        Methods.UseBeforeRouting(app);
        app.UseRouting();
        Methods.UseAfterRouting(app);
        DeprecatedEndpoints.Use(app);
        app.Use(static (http, next) =>
        {
            http.RequestServices.GetRequiredService<AuditScope>().Enter(http);
            return next(http);
        });
        CurrentModule.Use(app);
        CallerAuthentication.Use(app);
        RateLimits.Use(app);
        Permissions.Use(app);
        Acceptable.Use(app);
        KnownParameters.Use(app);
        MediaTypes.Use(app);
        BodyLimit.Use(app);
    }
}
