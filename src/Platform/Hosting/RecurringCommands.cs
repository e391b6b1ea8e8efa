using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Hosting;

internal sealed record RecurringCommand(ModuleDescriptor Module, TimeSpan Period, Func<ICommand> Create);

internal sealed partial class RecurringCommands(
    IEnumerable<RecurringCommand> commands, IServiceScopeFactory scopes, StartupState startup, TimeProvider time, ILogger<RecurringCommands> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await startup.WhenStarted(stoppingToken);
        await Task.WhenAll(commands.Select(command => RepeatAsync(command, stoppingToken)));
    }

    private async Task RepeatAsync(RecurringCommand recurring, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(recurring.Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var command = recurring.Create();
                try
                {
                    await using var scope = scopes.CreateAsyncScope();
                    await scope.ServiceProvider.GetRequiredService<ISender>().Send(command, stoppingToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
                {
                    LogFailed(command.GetType().Name, recurring.Module.Name, recurring.Period, exception);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    [LoggerMessage(LogLevel.Error, "The recurring command {Command} of module {Module} failed; it runs again in {Period}.")]
    private partial void LogFailed(string command, string module, TimeSpan period, Exception exception);
}
