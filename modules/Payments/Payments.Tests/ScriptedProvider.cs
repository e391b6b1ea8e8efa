using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Payments.Tests;

/// <summary>A provider that does what the test says, and remembers each call. Hosts can share it.</summary>
internal sealed class ScriptedProvider : IPaymentProvider
{
    public ConcurrentQueue<ProviderOperation> Calls { get; } = new();

    /// <summary>Decides about a call: the operation, and how often it was called before.</summary>
    public Func<ProviderOperation, int, Task<ProviderOutcome>> Answer { get; set; } = static (operation, _) => Task.FromResult(Decisions.Succeed(operation));

    public string Name => "scripted";

    public Task<ModuleHost> StartAsync(params IEnumerable<(string Key, string Value)> settings) => ModuleHost.StartAsync(
        typeof(PaymentsModule).Assembly,
        services => services.Replace(ServiceDescriptor.Singleton<IPaymentProvider>(this)),
        settings.ToDictionary(static pair => pair.Key, static pair => (string?)pair.Value));

    public int CountOf(OperationKind kind, Guid paymentId) => Calls.Count(call => call.Kind == kind && call.PaymentId == paymentId);

    public Task<ProviderOutcome> AuthoriseAsync(ProviderOperation operation, CancellationToken cancellationToken) => CallAsync(operation);

    public Task<ProviderOutcome> RetrieveAsync(ProviderOperation operation, CancellationToken cancellationToken) => CallAsync(operation);

    public Task<ProviderOutcome> CaptureAsync(ProviderOperation operation, CancellationToken cancellationToken) => CallAsync(operation);

    public Task<ProviderOutcome> ChargeAsync(ProviderOperation operation, CancellationToken cancellationToken) => CallAsync(operation);

    public Task<ProviderOutcome> CancelAsync(ProviderOperation operation, CancellationToken cancellationToken) => CallAsync(operation);

    public Task<ProviderOutcome> RefundAsync(ProviderOperation operation, CancellationToken cancellationToken) => CallAsync(operation);

    public Task<ProviderOutcome> RetrieveRefundAsync(ProviderOperation operation, CancellationToken cancellationToken) => CallAsync(operation);

    public Task<ProviderTransactionPage> ReportAsync(DateTimeOffset from, DateTimeOffset to, string? after, CancellationToken cancellationToken) =>
        Task.FromResult(new ProviderTransactionPage(Name, [], null));

    private Task<ProviderOutcome> CallAsync(ProviderOperation operation)
    {
        var before = Calls.Count(call => call.Id == operation.Id);
        Calls.Enqueue(operation);
        return Answer(operation, before);
    }
}
