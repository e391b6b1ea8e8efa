using System.Security.Cryptography;
using System.Text;

namespace ModularMonolith.PaymentSimulator.Webhooks;

/// <summary>The <c>Stripe-Signature</c> header (docs.stripe.com/webhooks/signature): HMAC-SHA256 over the time, a point and the body, keyed with the endpoint's secret.</summary>
internal static class WebhookSignature
{
    public static string Of(string body, string secret, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}.{body}"));
        return $"t={seconds},v1={Convert.ToHexStringLower(hash)}";
    }
}
