using ModularMonolith.Payments.Operations;

namespace ModularMonolith.Payments.Stripe;

/// <summary>Finds at Stripe what an operation has made whose answer was lost, by the operation's id in the metadata. That nothing is found proves nothing.</summary>
internal sealed class StripeSearch(StripeClient client)
{
    private const int PageSize = 100;

    /// <summary>How far Stripe's clock may be from ours.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    /// <summary>Nothing is sent again after the life of its key, so whatever an operation has made was made before.</summary>
    private static readonly TimeSpan Window = StripeProvider.LifeOfKeys + Slack;

    /// <summary>The payment that the operation has made.</summary>
    /// <returns>Null when none is found, or not before the call's deadline is over.</returns>
    public async Task<StripeIntent?> FindIntentAsync(ProviderOperation operation, CancellationToken cancellationToken)
    {
        var query = Uri.EscapeDataString($"metadata['{StripeMetadata.Operation}']:'{operation.Id}'");
        var found = await client.GetAsync<StripeList<StripeIntent>>($"/v1/payment_intents/search?query={query}&limit={PageSize}", cancellationToken);
        return found.Answer?.Data.FirstOrDefault(intent => IsOf(intent.Metadata, operation)) ?? await ListedAsync(operation, cancellationToken);
    }

    /// <summary>The refund that the operation has made; neither answer nor failure where there is none.</summary>
    public async Task<StripeAnswer<StripeRefund>> FindRefundAsync(ProviderOperation operation, CancellationToken cancellationToken)
    {
        var found = await client.GetAsync<StripeList<StripeRefund>>($"/v1/refunds?payment_intent={Uri.EscapeDataString(operation.Intent!)}&limit={PageSize}", cancellationToken);
        return found.Answer is { } list ? new StripeAnswer<StripeRefund>(list.Data.FirstOrDefault(refund => IsOf(refund.Metadata, operation)), null) : new StripeAnswer<StripeRefund>(null, found.Failure);
    }

    // Stripe's search lags behind by a minute at times and is not to be had everywhere; the list has everything at once. It is read for the whole time in which the operation can have been sent, however
    // many payments there were, until the call's deadline.
    private async Task<StripeIntent?> ListedAsync(ProviderOperation operation, CancellationToken cancellationToken)
    {
        var (from, to) = ((operation.CreatedAt - Slack).ToUnixTimeSeconds(), (operation.CreatedAt + Window).ToUnixTimeSeconds());
        var start = string.Empty;
        while (true)
        {
            var listed = await client.GetAsync<StripeList<StripeIntent>>($"/v1/payment_intents?created%5Bgte%5D={from}&created%5Blt%5D={to}&limit={PageSize}{start}", cancellationToken);
            if (listed.Answer is not { } list)
            {
                return null;
            }

            if (list.Data.FirstOrDefault(intent => IsOf(intent.Metadata, operation)) is { } found)
            {
                return found;
            }

            if (!list.HasMore || list.Data.Count == 0)
            {
                return null;
            }

            start = "&starting_after=" + Uri.EscapeDataString(list.Data[^1].Id);
        }
    }

    private static bool IsOf(Dictionary<string, string>? metadata, ProviderOperation operation) => metadata?.GetValueOrDefault(StripeMetadata.Operation) == operation.Id.ToString();
}
