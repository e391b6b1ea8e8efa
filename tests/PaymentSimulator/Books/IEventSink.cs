using System.Text.Json.Nodes;

namespace ModularMonolith.PaymentSimulator.Books;

/// <summary>Is told what happens. It returns at once.</summary>
internal interface IEventSink
{
    /// <summary>Tells of one thing.</summary>
    /// <param name="type">As in <c>payment_intent.succeeded</c>.</param>
    /// <param name="subject">The object after it.</param>
    void Raise(string type, JsonObject subject);
}
