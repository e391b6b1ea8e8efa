using System.Diagnostics;
using Microsoft.Extensions.Logging;
using ModularMonolith.Payments.Payments;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Payments.Operations;

/// <summary>Gives the provider one call, with a deadline, outside of any transaction.</summary>
internal sealed partial class OperationRunner(IPaymentProvider provider, PaymentsSettings settings, PaymentMetrics metrics, OperationTrace trace, TimeProvider time, ILogger<OperationRunner> logger)
{
    /// <summary>Calls the provider, in the trace of the request that made it necessary. What goes wrong is an outcome too: nobody knows then whether it was done.</summary>
    public async Task<OperationOutcome> RunAsync(LeasedOperation leased)
    {
        var operation = leased.Operation;
        if (leased is { IsAbandoned: true, MayHaveArrived: false })
        {
            return Of(operation, new WasRefused("given-up", "The payment was given up before it was sent."), null);
        }

        using var activity = trace.Start(operation, provider.Name, leased.Attempts);
        var started = time.GetTimestamp();
        var outcome = await CallAsync(operation with { MayHaveArrived = leased.MayHaveArrived });
        metrics.Called(provider.Name, operation.Kind, outcome.GetType().Name, time.GetElapsedTime(started));
        if (outcome is IsUnknown)
        {
            metrics.Unknown(provider.Name, operation.Kind);
        }

        OperationTrace.End(activity, outcome);
        return Of(operation, outcome, activity);
    }

    private static OperationOutcome Of(ProviderOperation operation, ProviderOutcome outcome, Activity? activity)
    {
        var origin = operation.Origin ?? EventHeaders.None;
        return new OperationOutcome(operation.PaymentId, operation.Id, outcome, activity is null ? origin : origin with { TraceParent = activity.Id });
    }

    private async Task<ProviderOutcome> CallAsync(ProviderOperation operation)
    {
        // Not the host's own token: a host that stops lets its calls come to their end, or nobody would know their outcome.
        using var deadline = new CancellationTokenSource(settings.Deadline, time);
        try
        {
            return operation.Kind switch
            {
                // Its intent is known from an attempt whose answer was lost.
                OperationKind.Authorise or OperationKind.Charge when operation.Intent is not null => await provider.RetrieveAsync(operation, deadline.Token),
                OperationKind.Authorise => await provider.AuthoriseAsync(operation, deadline.Token),
                OperationKind.Check when operation.Refund is not null => await provider.RetrieveRefundAsync(operation, deadline.Token),
                OperationKind.Check => await provider.RetrieveAsync(operation, deadline.Token),
                OperationKind.Capture => await provider.CaptureAsync(operation, deadline.Token),
                OperationKind.Charge => await provider.ChargeAsync(operation, deadline.Token),
                OperationKind.Cancel => await provider.CancelAsync(operation, deadline.Token),
                _ => await provider.RefundAsync(operation, deadline.Token),
            };
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new IsUnknown($"The provider has not answered within {settings.Deadline.TotalSeconds} s.");
        }
        catch (Exception exception)
        {
            LogFailed(operation.Kind, operation.Id, exception);
            return new IsUnknown("The call failed: " + exception.GetType().Name);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The operation {Kind} {Id} failed in an unexpected way; it is tried again.")]
    private partial void LogFailed(OperationKind kind, Guid id, Exception exception);
}
