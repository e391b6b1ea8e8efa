using System.Diagnostics;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Payments.Operations;

/// <summary>Shows calls to the provider in the trace of the request that made them necessary, however much later they are made.</summary>
internal sealed class OperationTrace(ModuleDescriptor module)
{
    /// <summary>Begins a call.</summary>
    /// <returns>Null where nobody records the trace.</returns>
    public Activity? Start(ProviderOperation operation, string provider, int attempts)
    {
        var activity = module.ActivitySource.StartActivity("provider " + operation.Kind, ActivityKind.Client, operation.Origin?.TraceParent);
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag("modularmonolith.payments.provider", provider);
            activity.SetTag("modularmonolith.payments.operation", operation.Id);
            activity.SetTag("modularmonolith.payments.payment", operation.PaymentId);
            activity.SetTag("modularmonolith.payments.attempt", attempts + 1);
        }

        return activity;
    }

    public static void End(Activity? activity, ProviderOutcome outcome)
    {
        activity?.SetTag("modularmonolith.payments.outcome", outcome.GetType().Name);
        if (!outcome.IsFinal && outcome is not IsUndecided)
        {
            activity?.SetStatus(ActivityStatusCode.Error, outcome.GetType().Name);
        }
    }
}
