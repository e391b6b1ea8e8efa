using Microsoft.AspNetCore.Connections;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Postgres;
using Npgsql;

namespace ModularMonolith.Platform.Hosting;

/// <summary>The host cannot start for a reason that its operator can remove.</summary>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="cause">What was thrown.</param>
internal sealed class StartFailedException(string message, Exception cause) : Exception(message, cause)
{
    /// <summary>The sentence for the operator, or null when the exception is a defect whose stack trace is needed.</summary>
    /// <param name="exception">What was thrown during the start.</param>
    /// <returns>The sentence or null.</returns>
    public static string? Explain(Exception exception) => exception switch
    {
        StartFailedException or PostgresUnavailableException or ModuleConfigurationException => exception.Message,
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused =>
            $"The database refuses what the start needs: {refused.MessageText}. Run 'migrate' with an account that may create roles and schemas, "
            + "or set Database:Isolation to Schema for an account that may not create roles.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName } refused =>
            $"The database refuses the connection: {refused.MessageText}. Check ConnectionStrings:Default.",
        NpgsqlException { InnerException: System.Net.Sockets.SocketException or TimeoutException } unreachable =>
            $"The database server cannot be reached: {unreachable.Message}. Check ConnectionStrings:Default and that the server runs.",
        IOException { InnerException: AddressInUseException } taken => taken.Message + " Set ASPNETCORE_URLS (or --urls) to another address, or stop what listens there.",
        _ => null,
    };

    /// <summary>The sentence alone: the host's log shows a failed start with this, and a stack trace would bury it.</summary>
    /// <returns>The message.</returns>
    public override string ToString() => Message;
}
