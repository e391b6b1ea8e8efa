using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModularMonolith.Payments.GiftCards;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Payments;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Payments.Stripe;
using ModularMonolith.Payments.TestProvider;
using ModularMonolith.Payments.Webhooks;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;
using Npgsql;

namespace ModularMonolith.Payments;

internal interface IPaymentsStore : IDocumentStore;

[Module("payments", Owner = "team-payments", Purpose = "Takes and gives back money: authorisations, captures, refunds and gift cards, through a provider.")]
[Permission("payments:manage", "Issue and cancel gift cards, have the provider asked again, and settle payments whose outcome nobody knows.")]
[Permission("payments:read", "See payments and gift cards.")]
internal sealed class PaymentsModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        var environment = module.Services.Select(static service => service.ImplementationInstance).OfType<IHostEnvironment>().First();
        var settings = PaymentsSettings.From(module.Configuration, environment);
        module.Services.AddSingleton(settings);
        module.Services.AddSingleton(new PaymentMetrics(module.Descriptor));
        module.Services.AddSingleton<OperationQueue>();
        module.Services.AddSingleton(new OperationTrace(module.Descriptor));
        module.Services.AddSingleton<OperationRunner>();
        module.Services.AddSingleton(provider => new OperationTable(SourceOf(provider, module.Descriptor), settings, provider.GetRequiredService<TimeProvider>()));
        module.Services.AddSingleton(new OperationMetrics(module.Descriptor));
        module.Services.AddSingleton<OperationOverview>(provider => ActivatorUtilities.CreateInstance<OperationOverview>(provider, SourceOf(provider, module.Descriptor)));
        module.Services.AddHostedService<OperationWorker>();
        module.Services.AddHostedService<OperationWatch>();
        module.Services.AddHealthChecks().AddCheck<OperationHealthCheck>(module.Descriptor.Name);
        module.Services.AddScoped<PaymentWriter>();
        AddProvider(module, settings);
        module.AddRecurring<ForgetWebhooks>("forget-webhooks", "41 3 * * *");
        module.UseStore<IPaymentsStore>(static options =>
        {
            // The ids of payments and gift cards are of version 7, so that a page by id is a page by time.
            options.Schema.For<Payment>().Index([payment => payment.Status, payment => payment.Id]);
            options.Schema.For<GiftCard>().DocumentAlias("gift_card").UniqueIndex(card => card.CodeHash).Index([card => card.Status, card => card.Id]);
            options.Projections.Snapshot<Payment>(SnapshotLifecycle.Inline);
            options.Projections.Snapshot<GiftCard>(SnapshotLifecycle.Inline);
            MapEvents(options);
        }).AddSchemaScript(OperationSchema.Tables + TestPaymentProvider.Tables);
    }

    private static void AddProvider(ModuleBuilder module, PaymentsSettings settings)
    {
        switch (settings.Provider)
        {
            case PaymentsSettings.Test:
                module.Services.AddSingleton<IPaymentProvider>(provider => new TestPaymentProvider(SourceOf(provider, module.Descriptor), provider.GetRequiredService<TimeProvider>()));
                break;
            case PaymentsSettings.StripeName:
                module.Services.AddSingleton(settings.Stripe!);
                module.Services.AddSingleton(static provider => ActivatorUtilities.CreateInstance<StripeClient>(provider, StripeConnections.Create()));
                module.Services.AddSingleton<IPaymentProvider, StripeProvider>();
                break;
            default:
                module.Services.AddSingleton<IPaymentProvider, NoProvider>();
                break;
        }
    }

    private static void MapEvents(StoreOptions options)
    {
        options.Events.MapEventType<PaymentOpened>("payment_opened");
        options.Events.MapEventType<OperationStarted>("operation_started");
        options.Events.MapEventType<OperationDropped>("operation_dropped");
        options.Events.MapEventType<TenderAuthorised>("tender_authorised");
        options.Events.MapEventType<TenderActionRequired>("tender_action_required");
        options.Events.MapEventType<TenderDeclined>("tender_declined");
        options.Events.MapEventType<TenderReleased>("tender_released");
        options.Events.MapEventType<AuthorisationCompleted>("authorisation_completed");
        options.Events.MapEventType<AuthorisationRefused>("authorisation_refused");
        options.Events.MapEventType<CaptureStarted>("capture_started");
        options.Events.MapEventType<TenderCaptured>("tender_captured");
        options.Events.MapEventType<CaptureCompleted>("capture_completed");
        options.Events.MapEventType<CaptureRefused>("capture_refused");
        options.Events.MapEventType<SurplusFound>("surplus_found");
        options.Events.MapEventType<SurplusGivenBack>("surplus_given_back");
        options.Events.MapEventType<SurplusBounced>("surplus_bounced");
        options.Events.MapEventType<RefundStarted>("refund_started");
        options.Events.MapEventType<TenderRefunded>("tender_refunded");
        options.Events.MapEventType<RefundPending>("refund_pending");
        options.Events.MapEventType<RefundPartSent>("refund_part_sent");
        options.Events.MapEventType<RefundPartReturned>("refund_part_returned");
        options.Events.MapEventType<RefundBounced>("refund_bounced");
        options.Events.MapEventType<RefundCompleted>("refund_completed");
        options.Events.MapEventType<RefundRefused>("refund_refused");
        options.Events.MapEventType<VoidStarted>("void_started");
        options.Events.MapEventType<VoidCompleted>("void_completed");
        options.Events.MapEventType<OutcomeSettled>("outcome_settled");
        options.Events.MapEventType<CardIssued>("gift_card_issued");
        options.Events.MapEventType<CardHeld>("gift_card_held");
        options.Events.MapEventType<CardHoldReleased>("gift_card_hold_released");
        options.Events.MapEventType<CardCharged>("gift_card_charged");
        options.Events.MapEventType<CardRefunded>("gift_card_refunded");
        options.Events.MapEventType<CardEnded>("gift_card_ended");
    }

    // Asked for when it is needed: the worker is made before the database is there.
    private static Func<NpgsqlDataSource> SourceOf(IServiceProvider provider, ModuleDescriptor module) => () => provider.GetRequiredService<ModuleDataSources>().For(module);
}
