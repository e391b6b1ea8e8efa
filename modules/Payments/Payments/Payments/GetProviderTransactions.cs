using MediatR;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Providers;

namespace ModularMonolith.Payments.Payments;

internal sealed class GetProviderTransactionsHandler(IPaymentProvider provider, PaymentsSettings settings, TimeProvider time) : IRequestHandler<GetProviderTransactions, ProviderTransactionPage>
{
    public async Task<ProviderTransactionPage> Handle(GetProviderTransactions request, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(settings.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await provider.ReportAsync(request.From, request.To, request.After, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"The payment provider has not answered with its report within {settings.Deadline.TotalSeconds} s.");
        }
    }
}
