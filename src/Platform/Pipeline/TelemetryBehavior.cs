using System.Diagnostics;
using MediatR;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Pipeline;

/// <summary>One span and one duration per command and query, from the source and meter of the module that owns it.</summary>
internal sealed class TelemetryBehavior<TRequest, TResponse>(ModuleCatalog modules) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        if (modules.OwnerOf(typeof(TRequest).Assembly) is not { } module)
        {
            return await next();
        }

        using var activity = module.ActivitySource.StartActivity(typeof(TRequest).Name);
        var started = Stopwatch.GetTimestamp();
        var outcome = "failed";
        try
        {
            var response = await next();
            outcome = "succeeded";
            return response;
        }
        catch (ProblemException refused)
        {
            outcome = "refused";
            activity?.SetTag("error.type", refused.Type.Name);
            throw;
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error);
            activity?.SetTag("error.type", exception.GetType().FullName);
            throw;
        }
        finally
        {
            module.Commands.Record(
                Stopwatch.GetElapsedTime(started).TotalSeconds,
                new KeyValuePair<string, object?>("modularmonolith.request", typeof(TRequest).Name),
                new KeyValuePair<string, object?>("modularmonolith.outcome", outcome));
        }
    }
}
