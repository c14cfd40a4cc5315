// Azure Functions, isolated worker: what a function is given.
using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace Microsoft.Azure.Functions.Worker
{
    public abstract class FunctionContext
    {
        public abstract string InvocationId { get; }
        public abstract string FunctionId { get; }
        public abstract IServiceProvider InstanceServices { get; set; }
        public abstract IDictionary<object, object> Items { get; set; }
        public virtual CancellationToken CancellationToken => default;
    }

    public enum AuthorizationLevel
    {
        Anonymous,
        User,
        Function,
        System,
        Admin,
    }
}

namespace Microsoft.Azure.Functions.Worker.Http
{
    public abstract class HttpRequestData
    {
        public HttpRequestData(FunctionContext functionContext) => FunctionContext = functionContext;
        public abstract Stream Body { get; }
        public abstract Uri Url { get; }
        public abstract string Method { get; }
        public FunctionContext FunctionContext { get; }
        public abstract HttpResponseData CreateResponse();
    }

    public abstract class HttpResponseData
    {
        public abstract Stream Body { get; set; }
    }
}
