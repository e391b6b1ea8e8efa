using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ModularMonolith.Identity;

/// <summary>No answer of this module may be kept by a browser or a proxy (RFC 9111, section 5.2.2.5): they are about persons and secrets.</summary>
internal sealed class NothingIsStored : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static (http, following) =>
        {
            if (http.Request.Path.StartsWithSegments("/api/identity"))
            {
                http.Response.OnStarting(static response =>
                {
                    ((HttpResponse)response).Headers.CacheControl = "no-store";
                    return Task.CompletedTask;
                }, http.Response);
            }

            return following(http);
        });
        next(app);
    };
}
