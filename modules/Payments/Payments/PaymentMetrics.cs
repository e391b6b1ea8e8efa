using System.Diagnostics.Metrics;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Payments;

/// <summary>What happens to payments, and how the provider answers. No personal data, no ids.</summary>
internal sealed class PaymentMetrics
{
    private readonly Counter<long> _payments;
    private readonly Counter<long> _unknown;
    private readonly Counter<long> _stuck;
    private readonly Histogram<double> _calls;

    public PaymentMetrics(ModuleDescriptor module)
    {
        _payments = module.Meter.CreateCounter<long>("modularmonolith.payments.outcomes", "{payment}", "Payments authorised, declined, captured, voided and refunded, by outcome and code.");
        _unknown = module.Meter.CreateCounter<long>("modularmonolith.payments.unknown_outcomes", "{call}", "Calls to the provider that ended without anybody knowing whether they had their effect.");
        _stuck = module.Meter.CreateCounter<long>("modularmonolith.payments.stuck_operations", "{operation}", "Operations that are left to the staff.");
        _calls = module.Meter.CreateHistogram<double>("modularmonolith.payments.provider.duration", "s", "Duration of calls to the provider.");
    }

    public void Count(IIntegrationEvent told)
    {
        var (outcome, code) = told switch
        {
            PaymentAuthorised => ("authorised", string.Empty),
            PaymentActionRequired => ("action-required", string.Empty),
            PaymentDeclined declined => ("declined", declined.Code),
            PaymentCaptured => ("captured", string.Empty),
            CaptureFailed failed => ("capture-failed", failed.Code),
            PaymentVoided => ("voided", string.Empty),
            PaymentRefunded => ("refunded", string.Empty),
            RefundSent => ("refund-sent", string.Empty),
            RefundReturned => ("refund-returned", string.Empty),
            SurplusTaken => ("surplus-taken", string.Empty),
            SurplusReturned => ("surplus-returned", string.Empty),
            RefundFailed failed => ("refund-failed", failed.Code),
            _ => ("other", string.Empty),
        };
        _payments.Add(1, new KeyValuePair<string, object?>("outcome", outcome), new KeyValuePair<string, object?>("code", code));
    }

    public void Called(string provider, OperationKind kind, string outcome, TimeSpan duration) =>
        _calls.Record(duration.TotalSeconds, new("provider", provider), new("operation", kind.ToString()), new("outcome", outcome));

    public void Unknown(string provider, OperationKind kind) => _unknown.Add(1, new("provider", provider), new KeyValuePair<string, object?>("operation", kind.ToString()));

    public void Stuck(string provider, OperationKind kind) => _stuck.Add(1, new("provider", provider), new KeyValuePair<string, object?>("operation", kind.ToString()));
}
