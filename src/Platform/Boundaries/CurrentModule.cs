using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Boundaries;

/// <summary>The module whose code is running: its endpoint, request handler, event handler, timer or background service.</summary>
// It belongs to the flow of control and not to the scope, because requests of one scope may run side by side. What an async method enters is left when the method returns.
internal sealed class CurrentModule(ModuleCatalog modules)
{
    private readonly AsyncLocal<ModuleDescriptor?> _running = new();

    /// <summary>The module; where nobody has entered one, that of the span which the work belongs to; null for the platform's own work.</summary>
    public ModuleDescriptor? Find() => _running.Value ?? OfSpan(Activity.Current);

    /// <summary>Enters a module until the calling async method returns.</summary>
    public void Enter(ModuleDescriptor? module) => _running.Value = module;

    /// <summary>Enters the module of the endpoint that routing has found.</summary>
    public static void Use(IApplicationBuilder app)
    {
        var current = app.ApplicationServices.GetRequiredService<CurrentModule>();
        app.Use((http, next) => http.GetEndpoint()?.Metadata.GetMetadata<ModuleDescriptor>() is { } module ? RunAsync(module, http, next) : next(http));

        async Task RunAsync(ModuleDescriptor module, HttpContext http, RequestDelegate next)
        {
            current.Enter(module);
            await next(http);
        }
    }

    private ModuleDescriptor? OfSpan(Activity? span)
    {
        for (; span is not null; span = span.Parent)
        {
            foreach (var module in modules.Modules)
            {
                if (module.ActivitySource == span.Source)
                {
                    return module;
                }
            }
        }

        return null;
    }
}
