using FluentValidation;
using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Hosting;

namespace ModularMonolith.Identity.Admins;

/// <summary>
/// Makes somebody who can give roles to others, once: the one that is configured, and in Development one with a random password that is printed. There is no default password.
/// </summary>
internal sealed partial class FirstAdmin(
    IServiceScopeFactory scopes, StartupState startup, IConfiguration configuration, IHostEnvironment environment, TimeProvider time, ILogger<FirstAdmin> logger) : BackgroundService
{
    private const string DevelopmentEmail = "admin@example.com";
    private const int Attempts = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var identity = configuration.GetSection("identity");
        var (email, password) = (identity.GetValue<string>("Admin:Email"), identity.GetValue<string>("Admin:Password"));
        if (environment.IsDevelopment() ? email is not null && password is null : email is null || password is null)
        {
            if (email is not null)
            {
                LogIncomplete();
            }

            return;
        }

        try
        {
            await startup.WhenStarted(stoppingToken);
            await CreateAsync(new CreateAdmin(email ?? DevelopmentEmail, password, OnlyFirst: true), stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task CreateAsync(CreateAdmin command, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var admin = await scope.ServiceProvider.GetRequiredService<ISender>().Send(command, cancellationToken);
                if (admin.GeneratedPassword is { } generated)
                {
                    // Not to the log, which is kept and forwarded.
                    await Console.Out.WriteLineAsync($"The first admin is {command.Email} with the password {generated} (shown once, in Development only).".AsMemory(), cancellationToken);
                }

                LogDone();
                return;
            }
            catch (ValidationException refused)
            {
                LogRefused(refused.Message);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The database may come, or be migrated, later than the host.
                LogFailed(exception.GetType().Name, attempt, Attempts);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "identity:Admin:Email is set without identity:Admin:Password, so no admin is made. Set both, or run the host's command create-admin.")]
    private partial void LogIncomplete();

    [LoggerMessage(LogLevel.Information, "The first admin is there.")]
    private partial void LogDone();

    [LoggerMessage(LogLevel.Error, "identity:Admin is not accepted, so no admin is made: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(LogLevel.Warning, "The first admin could not be looked for ({Fault}, attempt {Attempt} of {Attempts}).")]
    private partial void LogFailed(string fault, int attempt, int attempts);
}
