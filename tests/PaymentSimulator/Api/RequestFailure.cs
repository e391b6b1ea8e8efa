using System.Text.Json.Nodes;

namespace ModularMonolith.PaymentSimulator.Api;

/// <summary>A request that is answered with an error object.</summary>
internal sealed class RequestFailure : Exception
{
    private RequestFailure(int status, string type, string message)
        : base(message)
    {
        Status = status;
        Type = type;
    }

    public int Status { get; }

    public string Type { get; }

    public string? Code { get; private init; }

    public string? DeclineCode { get; private init; }

    public string? Parameter { get; private init; }

    public JsonObject? PaymentIntent { get; private init; }

    public static RequestFailure Invalid(int status, string? code, string message, string? parameter = null, JsonObject? intent = null) =>
        new(status, "invalid_request_error", message) { Code = code, Parameter = parameter, PaymentIntent = intent };

    public static RequestFailure Missing(string kind, string id) => Invalid(404, "resource_missing", $"There is no {kind} '{id}'.", kind);

    public static RequestFailure Card(string code, string? declineCode, string message, JsonObject intent) =>
        new(402, "card_error", message) { Code = code, DeclineCode = declineCode, PaymentIntent = intent };

    public static RequestFailure Repeated(int status, string? code, string message) => new(status, "idempotency_error", message) { Code = code };

    public static RequestFailure Own(int status, string message) => new(status, "api_error", message);

    /// <summary>The error object as it goes over the wire.</summary>
    public JsonObject ToJson()
    {
        var error = new JsonObject { ["type"] = Type, ["message"] = Message };
        Add("code", Code);
        Add("decline_code", DeclineCode);
        Add("param", Parameter);
        if (PaymentIntent is not null)
        {
            error["payment_intent"] = PaymentIntent.DeepClone();
        }

        return new JsonObject { ["error"] = error };

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                error[name] = value;
            }
        }
    }
}
