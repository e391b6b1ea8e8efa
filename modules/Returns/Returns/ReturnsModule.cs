using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;
using ModularMonolith.Returns.Requests;

namespace ModularMonolith.Returns;

internal interface IReturnsStore : IDocumentStore;

[Module("returns", Owner = "team-service", Purpose = "What comes back: requests, approval, inspection, restocking and refunds.", DependsOn = ["inventory", "ordering"])]
[Permission("returns:manage", "Approve, receive and inspect returns of all customers.")]
[Permission("returns:read", "See the returns of all customers.")]
internal sealed class ReturnsModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        module.Services.AddSingleton(ReturnsSettings.From(module.Configuration));
        module.Services.AddScoped<Ownership>();
        module.Services.AddScoped<ReturnableGoods>();
        module.Services.AddScoped<ReturnDesk>();
        module.UseStore<IReturnsStore>(static options =>
        {
            options.Schema.For<OrderReturns>().DocumentAlias("order_returns");
            // The list goes by id within a status, an owner or an order: with the id in the index a page costs the same wherever it lies.
            options.Schema.For<Return>().DocumentAlias("return")
                .Index([found => found.Status, found => found.Id]).Index([found => found.Owner!, found => found.Id]).Index([found => found.OrderId, found => found.Id]);
            options.Events.MapEventType<ReturnRequested>("return_requested");
            options.Events.MapEventType<ReturnApproved>("return_approved");
            options.Events.MapEventType<ReturnRejected>("return_rejected");
            options.Events.MapEventType<ReturnCancelled>("return_cancelled");
            options.Events.MapEventType<ReturnExpired>("return_expired");
            options.Events.MapEventType<ReturnReceived>("return_received");
            options.Events.MapEventType<ReturnInspected>("return_inspected");
            options.Events.MapEventType<ReturnExchanged>("return_exchanged");
            options.Events.MapEventType<ReturnExchangeReduced>("return_exchange_reduced");
            options.Events.MapEventType<ReturnExchangeRefused>("return_exchange_refused");
            options.Events.MapEventType<ReturnRefundFailed>("return_refund_failed");
            options.Events.MapEventType<ReturnRefundRetried>("return_refund_retried");
            options.Events.MapEventType<ReturnSettled>("return_settled");
            options.Projections.Snapshot<Return>(SnapshotLifecycle.Inline);
        });
    }
}
