using System.Net.Sockets;
using ModularMonolith.Platform.IntegrationLog;
using Npgsql;

namespace ModularMonolith.Platform.Pipeline;

/// <summary>Tells faults of the infrastructure that pass by themselves (a restarting server, a lost connection) from faults that stay.</summary>
internal static class TransientFault
{
    public static bool Find(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is NpgsqlException { IsTransient: true } or TimeoutException or SocketException or ReceiverUnavailableException)
            {
                return true;
            }
        }

        return false;
    }
}
