using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Boundaries;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Hosting;

/// <summary>Fills empty modules with sample data in Development, while the host already serves.</summary>
internal sealed partial class SampleDataFiller(
    IServiceScopeFactory scopes, StartupState startup, ModuleCatalog modules, CurrentModule current, IConfiguration configuration, IHostEnvironment environment, ILogger<SampleDataFiller> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!configuration.GetValue("SampleData:Enabled", environment.IsDevelopment()))
        {
            return;
        }

        try
        {
            await startup.WhenStarted(stoppingToken);
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<AuditScope>().Enter("sample data");
            foreach (var data in scope.ServiceProvider.GetServices<ISampleData>())
            {
                current.Enter(modules.OwnerOf(data.GetType().Assembly));
                var added = await data.FillAsync(new Progress(this, data.Subject), stoppingToken);
                if (added > 0)
                {
                    LogFilled(data.Subject, added);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            LogFailed(exception);
        }
    }

    [LoggerMessage(LogLevel.Information, "Sample data, {Subject}: {Done} of {Total}")]
    private partial void LogProgress(string subject, int done, int total);

    [LoggerMessage(LogLevel.Information, "Sample data, {Subject}: {Count} added. Set SampleData:Enabled to false to start empty.")]
    private partial void LogFilled(string subject, int count);

    [LoggerMessage(LogLevel.Error, "The sample data could not be filled in; the host runs without the rest of it.")]
    private partial void LogFailed(Exception exception);

    private sealed class Progress(SampleDataFiller filler, string subject) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value) => filler.LogProgress(subject, value.Done, value.Total);
    }
}
