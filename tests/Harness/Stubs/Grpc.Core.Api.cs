// gRPC: what a generated service base and its overrides are made of.
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Grpc.Core;

[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = true)]
public class BindServiceMethodAttribute : Attribute
{
    public BindServiceMethodAttribute(Type bindType, string bindMethodName) { }
}

public abstract class ServerCallContext
{
    public string Method => throw null!;
    public string Peer => throw null!;
    public DateTime Deadline => default;
    public CancellationToken CancellationToken => default;
}

public interface IAsyncStreamReader<out T>
{
    T Current { get; }
    Task<bool> MoveNext(CancellationToken cancellationToken);
}

public interface IAsyncStreamWriter<in T>
{
    Task WriteAsync(T message);
}

public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>
{
}

public abstract class ServiceBinderBase
{
}
